# Чем занято обучение: видно рядом с полосой.
training-reading = Читаю посты
training-words = Считаю слова
training-kinds = Учу виды постов
training-engagements = Учу форматы работы
training-technologies = Учу, какие технологии главные
training-measuring = Проверяю на отложенных постах
training-done = Обучено

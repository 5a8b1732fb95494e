# What a training is at, shown beside its bar.
training-reading = Reading the posts
training-words = Counting words
training-kinds = Learning kinds
training-engagements = Learning engagements
training-technologies = Learning which technologies define a position
training-measuring = Measuring on posts held out
training-done = Trained

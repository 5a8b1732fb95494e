import pytest

from language.taxonomy import TABLES, Taxonomy

FOUND = [
    ("Нужен джавист, Spring Boot и кафка", ["java", "spring", "kafka"]),
    ("Реакт + TS, React Native не надо", ["react", "typescript", "react-native"]),
    ("React.js, ReactJS, реактовый фронт", ["react", "react", "react"]),
    ("C# / .NET Core, MS SQL", ["csharp", "dotnet", "mssql"]),
    ("С# с русской буквой", ["csharp"]),
    ("шарпист на дотнете", ["csharp", "dotnet"]),
    ("С++/Qt", ["cpp", "qt"]),
    ("1С-Битрикс", ["bitrix"]),
    ("1C ЗУП", ["1c", "1c-zup"]),
    ("1С:ERP разработчик", ["1c", "1c-erp"]),
    ("1C латинской буквой", ["1c"]),
    ("ASP.NET Core, EF Core", ["aspnet", "entity-framework"]),
    ("Ruby on Rails", ["rails"]),
    ("node.js и Next.js", ["nodejs", "nextjs"]),
    ("Java Script", ["javascript"]),
    ("JavaScript, не Java", ["javascript", "java"]),
    ("Oracle PL/SQL", ["oracle", "plsql"]),
    ("k8s, кубер, docker, gitlab ci/cd", ["kubernetes", "kubernetes", "docker", "gitlab-ci"]),
    ("S/4HANA", ["sap-hana"]),
    ("PySpark, Airflow", ["spark", "airflow"]),
    ("постгря, постгрес, PG, Postgre SQL", ["postgresql"] * 4),
    ("Jаvа с двумя русскими буквами", ["java"]),
    ("РНР русскими буквами", ["php"]),
    ("битрикс24 внедренец", ["bitrix24"]),
    ("Kotlin Multiplatform", ["kmm"]),
    ("Java17, Vue3, python3", ["java", "vue", "python"]),
    ("кобольщик нужен", ["cobol"]),
    ("сишник, рустовик, го-шник, плкшник", ["c", "rust", "go", "plc"]),
    ("1С: сеньор по ERP, мидл по УТ, джун по ДО", ["1c", "1c-erp", "1c-ut", "1c-do"]),
    ("Свободен специалист ИБ", ["cybersecurity"]),
]

AMBIGUOUS = [
    ("Go senior", ["go"]),
    ("нужен go сеньор", ["go"]),
    ("Go/Rust", ["go", "rust"]),
    ("готов на го переключиться", ["go"]),
    ("#golang #remote", ["go"]),
    ("го в лс", []),
    ("Go в команду!", []),
    ("let's go пить кофе", []),
    ("ready to go live", []),
    ("C/C++ embedded", ["c", "cpp"]),
    ("программист на C", ["c"]),
    ("Си, STM32", ["c", "stm32"]),
    ("embedded, С, STM32", ["c", "stm32"]),
    ("STM32 на С, мидл", ["stm32", "c"]),
    ("С опытом Java, С++ не нужен", ["java", "cpp"]),
    ("ERP на SAP, разработчик до 2000", ["sap"]),
    ("PyTorch, CV, OpenCV", ["pytorch", "computer-vision", "opencv"]),
    ("Нужен React, CV в личку", ["react"]),
    ("c 10 до 19, c опытом", []),
    ("си бемоль", []),
    ("R/Python", ["r", "python"]),
    ("язык R", ["r"]),
    ("R&D отдел", []),
    ("Swift разработчик", ["swift"]),
    ("SWIFT коды, swift платежи", []),
    ("Data Vault 2.0", []),
    ("HashiCorp Vault", ["vault"]),
    ("Spring Boot 3", ["spring"]),
    ("spring 2026 edition", []),
    ("react to market changes", []),
    ("React и TypeScript", ["react", "typescript"]),
    ("rest of us", []),
    ("REST, SOAP", ["rest", "soap"]),
    ("next week созвон", []),
    ("фронт на Next", ["nextjs"]),
    ("кролик живёт в норе", []),
    ("джава, кафка, кролик", ["java", "kafka", "rabbitmq"]),
    ("Яндекс Go, такси", []),
    ("rewrite it to Go quietly", ["go"]),
    ("English C1, C4 model", []),
    ("do's and don'ts of Java", ["java"]),
    ("Next: Kafka", ["kafka"]),
    ("битриксом24", ["bitrix24"]),
]


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return Taxonomy.default()


class TestFind:
    @pytest.mark.parametrize(("text", "ids"), FOUND)
    def test_knows_a_technology_by_any_of_its_names(self, taxonomy: Taxonomy, text: str, ids: list[str]) -> None:
        assert [mention.id for mention in taxonomy.find(text)] == ids

    @pytest.mark.parametrize(("text", "ids"), AMBIGUOUS)
    def test_takes_an_everyday_word_for_a_technology_only_in_company(
        self, taxonomy: Taxonomy, text: str, ids: list[str]
    ) -> None:
        assert [mention.id for mention in taxonomy.find(text)] == ids

    def test_says_where_the_words_stand_in_the_text_as_typed(self, taxonomy: Taxonomy) -> None:
        text = "Ищем 𝗥𝗲𝗮𝗰𝘁\u200b и джависта"
        assert [text[m.start : m.end] == m.words for m in taxonomy.find(text)] == [True, True]
        assert taxonomy.find(text)[1].words == "джависта"

    def test_every_id_is_found_by_its_own_name_among_others(self, taxonomy: Taxonomy) -> None:
        lost = [
            technology.id
            for technology in taxonomy.technologies.values()
            if technology.id not in {m.id for m in taxonomy.find(f"Стек: {technology.name}, Kafka, {technology.name}")}
        ]
        assert lost == []

    def test_takes_aliases_that_admins_added(self) -> None:
        rows = [{"id": "go", "name": "Go", "category": "language", "aliases": ""}]
        added = Taxonomy(rows, [], [], added=[("гошечка", "go")])
        assert [mention.id for mention in added.find("нужна гошечка")] == ["go"]


class TestFindRoles:
    @pytest.mark.parametrize(
        ("text", "ids"),
        [
            ("Бэкенд-разработчик", ["backend"]),
            ("фуллстек или фронтендер", ["fullstack", "frontend"]),
            ("Системный аналитик и бизнес-аналитик", ["system-analyst", "business-analyst"]),
            ("тимлид", ["team-lead"]),
            ("QA Automation", ["qa-auto"]),
            ("ручной тестировщик", ["qa-manual"]),
            ("Data Engineer / инженер данных", ["data-engineer", "data-engineer"]),
            ("UX/UI дизайнер", ["designer", "designer"]),
            ("Android-разработчик", ["android"]),
            ("1С-программист", ["1c"]),
            ("SRE", ["devops"]),
            ("Linux-админ, старший админ", ["sysadmin", "sysadmin"]),
            ("инженер второй линии", ["support"]),
            ("пара сисанов, аналитик бизнесовый", ["system-analyst", "business-analyst"]),
            ("геймдизайнер, техпис, солидитчик", ["gamedev", "tech-writer", "blockchain"]),
            ("админ канала ответит", []),
        ],
    )
    def test_names_professions(self, taxonomy: Taxonomy, text: str, ids: list[str]) -> None:
        assert [mention.id for mention in taxonomy.find_roles(text)] == ids


class TestSearch:
    def test_completes_what_is_being_typed_exact_names_first(self, taxonomy: Taxonomy) -> None:
        assert [technology.id for technology in taxonomy.search("реак")][:1] == ["react"]
        assert taxonomy.search("go")[0].id == "go"
        assert taxonomy.search("нетакоготехнологии") == []


class TestTables:
    def test_no_alias_is_claimed_by_two_technologies(self) -> None:
        seen: dict[str, str] = {}
        double = []
        for line in (TABLES / "technologies.tsv").read_text(encoding="utf-8").splitlines()[1:]:
            id_, *_, aliases = line.split("\t")
            for alias in filter(None, (part.strip(" ?") for part in aliases.split("|"))):
                if seen.setdefault(alias, id_) != id_:
                    double.append((alias, seen[alias], id_))
        assert double == []

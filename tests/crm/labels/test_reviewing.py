"""What people are asked to look at, and where they disagree."""

from crm import labels
from crm.labels import reviewing
from db.models import User
from db.session import Sessions
from language.kinds import Kind
from tests import make
from tests.crm.labels.people import ITEM, colleague, give, person_and_post
from tests.labelled import GO, JAVA, JAVA_REPOSTED, posted

TEXTS = (
    "Ищу толкового питониста для парсинга маркетплейсов, пишите",
    "Кто возьмётся поправить вёрстку лендинга на выходных?",
    "Нужна помощь с миграцией базы на новую версию PostgreSQL",
    "Есть задача для фронтендера: кабинет дилера на React",
    "Нужен девопс, настроить пайплайны и мониторинг кластера",
    "Хочу найти тестировщика мобильного приложения на пару недель",
    "Поговорить бы с архитектором про микросервисы и шину данных",
    "Кто умеет в Unity? Нужен прототип казуальной игры",
    "Требуется аналитик для описания процессов склада",
    "Присмотрим дизайнера интерфейсов, бюджет обсудим",
    "Можно ли найти сильного сишника под микроконтроллеры?",
)


async def queue_of(sessions: Sessions, person: User, limit: int = 10) -> list[int]:
    async with sessions.of_company(person.company_id) as session:
        return [post.id for post in await labels.review_queue(session, make.actor(person), limit)]


class TestReviewQueue:
    async def test_shows_what_is_doubtful_newest_first(self, sessions: Sessions) -> None:
        person, post = await person_and_post(sessions)
        _, newer = await person_and_post(sessions, GO)
        async with sessions.of_system() as session:
            source = await make.source(session)
        await posted(
            sessions, source, TEXTS[0], make.request(make.item("backend", "python")), id=reviewing.SAMPLED * 7919
        )
        assert await queue_of(sessions, person) == [newer.id, post.id]

    async def test_leaves_out_what_the_company_judged_until_it_takes_that_back(self, sessions: Sessions) -> None:
        person, post = await person_and_post(sessions)
        stranger, _ = await person_and_post(sessions, GO)
        await give(sessions, person, post, Kind.REQUEST)
        assert post.id not in await queue_of(sessions, person)
        assert post.id in await queue_of(sessions, stranger)
        async with sessions.of_company(person.company_id) as session:
            await labels.withdraw(session, make.actor(person), post.id)
        assert post.id in await queue_of(sessions, person)

    async def test_leaves_out_deleted_posts_and_other_companies(self, sessions: Sessions) -> None:
        person, _ = await person_and_post(sessions, deleted_at=make.NOON)
        async with sessions.of_system() as session:
            private = await make.source(session, await make.company(session))
            await make.post(session, private, JAVA, needs_review=True)
        assert await queue_of(sessions, person) == []

    async def test_shows_one_of_near_duplicates(self, sessions: Sessions) -> None:
        person, _ = await person_and_post(sessions)
        _, reposted = await person_and_post(sessions, JAVA_REPOSTED)
        assert await queue_of(sessions, person) == [reposted.id]

    async def test_mixes_sources_and_kinds(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            person = await make.user(session, await make.company(session))
            loud, quiet = await make.source(session), await make.source(session)
            kinds = [Kind.REQUEST] * 4 + [Kind.JUNK]
            rare = await make.post(session, quiet, TEXTS[9], needs_review=True, kind=Kind.REQUEST)
            posts = [
                await make.post(session, loud, text, needs_review=True, kind=kind)
                for text, kind in zip(TEXTS[:5], kinds, strict=True)
            ]
        assert (await queue_of(sessions, person, 3)) == [posts[4].id, posts[3].id, rare.id]

    async def test_each_tenth_is_a_random_post_that_the_model_is_sure_of(self, sessions: Sessions) -> None:
        async with sessions.of_system() as session:
            person = await make.user(session, await make.company(session))
            source = await make.source(session)
            sure = {(await make.post(session, source, f"{JAVA} {n}", kind=Kind.REQUEST)).id for n in range(150)}
            for text in TEXTS:
                await make.post(session, source, text, needs_review=True, kind=Kind.REQUEST)
        queue = await queue_of(sessions, person, 20)
        assert [place for place, id_ in enumerate(queue, start=1) if id_ in sure] == [10, 13]
        assert len(queue) == len(TEXTS) + 2
        assert queue == await queue_of(sessions, person, 20)

    async def test_begins_with_what_colleagues_disagree_on(self, sessions: Sessions) -> None:
        anna, post = await person_and_post(sessions)
        boris, vera = await colleague(sessions, anna), await colleague(sessions, anna)
        _, newer = await person_and_post(sessions, GO)
        await give(sessions, anna, post, Kind.REQUEST)
        assert await queue_of(sessions, vera) == [newer.id]
        await give(sessions, boris, post, Kind.JUNK)
        assert await queue_of(sessions, vera) == [post.id, newer.id]
        assert await queue_of(sessions, anna) == [newer.id]
        await give(sessions, boris, post, Kind.REQUEST)
        assert await queue_of(sessions, vera) == [newer.id]


class TestSaidByOthers:
    async def test_is_the_last_word_of_each_colleague(self, sessions: Sessions) -> None:
        anna, post = await person_and_post(sessions)
        boris = await colleague(sessions, anna, name="Борис")
        stranger, _ = await person_and_post(sessions, GO)
        for who, kind in ((boris, Kind.OFFER), (boris, Kind.JUNK), (anna, Kind.REQUEST), (stranger, Kind.OFFER)):
            await give(sessions, who, post, kind)
        async with sessions.of_company(anna.company_id) as session:
            said = await labels.said_by_others(session, make.actor(anna), post.id)
        assert said == [labels.Said("Борис", Kind.JUNK)]


class TestDisagreements:
    async def shown(self, sessions: Sessions, person: User) -> list[tuple[int, list[tuple[int, Kind]]]]:
        async with sessions.of_company(person.company_id) as session:
            found = await labels.disagreements(session, person.company_id)
        return [(one.post.id, [(user.id, label.kind) for user, label in one.said]) for one in found]

    async def test_name_who_said_what(self, sessions: Sessions) -> None:
        anna, post = await person_and_post(sessions)
        boris = await colleague(sessions, anna)
        await give(sessions, boris, post, Kind.JUNK)
        await give(sessions, anna, post, Kind.REQUEST)
        assert await self.shown(sessions, anna) == [(post.id, [(boris.id, Kind.JUNK), (anna.id, Kind.REQUEST)])]

    async def test_are_gone_when_somebody_changes_their_mind(self, sessions: Sessions) -> None:
        anna, post = await person_and_post(sessions)
        boris = await colleague(sessions, anna)
        for who, kind in ((boris, Kind.JUNK), (anna, Kind.REQUEST), (boris, Kind.REQUEST)):
            await give(sessions, who, post, kind)
        assert await self.shown(sessions, anna) == []

    async def test_are_about_items_too_but_not_about_what_was_left_unsaid(self, sessions: Sessions) -> None:
        anna, post = await person_and_post(sessions)
        boris = await colleague(sessions, anna)
        await give(sessions, anna, post, Kind.REQUEST)
        await give(sessions, boris, post, Kind.REQUEST, items=[ITEM])
        assert await self.shown(sessions, anna) == []
        await give(sessions, anna, post, Kind.REQUEST, items=[ITEM | {"core": ["kotlin"]}])
        assert [id_ for id_, _ in await self.shown(sessions, anna)] == [post.id]

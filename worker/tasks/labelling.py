"""What a post says: asked of the model, written down, told to whom it concerns."""

from collections.abc import Sequence
from datetime import UTC, datetime

from crm import jobs, labelling, model_versions, posts
from worker.context import Context

RELABELLED_AT_ONCE = 256


async def label_posts(context: Context, post_ids: Sequence[int]) -> None:
    """Label the posts that are still there, and tell what is worth telling, all in one transaction."""
    await _label(context, post_ids, quiet=False)


async def relabel_posts(context: Context, job: jobs.RelabelPosts) -> None:
    """The next portion of posts with the promoted model, telling nobody; then the job for the portion after."""
    async with context.sessions.of_system() as session:
        champion = await model_versions.champion(session)
        if champion is None or champion.id != job.version_id:
            return
        portion = await posts.labelled_by_others(session, job.version_id, after=job.after_id, limit=RELABELLED_AT_ONCE)
    if not portion:
        return
    await context.model.until(job.version_id)
    await _label(context, portion, quiet=True)
    following = jobs.RelabelPosts(job.version_id, after_id=portion[-1])
    async with context.sessions.of_system() as session:
        await jobs.enqueue(session, following, key=f"relabel:{job.version_id}:{portion[-1]}")


async def _label(context: Context, post_ids: Sequence[int], *, quiet: bool) -> None:
    async with context.sessions.of_system() as session:
        found = await posts.to_label(session, post_ids)
    if not found:
        return
    labelled = await context.model.label([post.text for post in found])
    predictions = {post.id: prediction for post, prediction in zip(found, labelled.predictions, strict=True)}
    async with context.sessions.of_system() as session:
        if not quiet:
            await context.index.refresh(session)
        await labelling.record(
            session,
            predictions,
            model_version_id=labelled.version_id,
            index=context.index,
            quiet=quiet,
            now=datetime.now(UTC),
            revisions={post.id: post.revision for post in found},
        )

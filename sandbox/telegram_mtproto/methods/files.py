"""Downloads."""

import time
from typing import Any

from telethon.tl import functions, types

from sandbox.telegram_mtproto.dispatch import Call, answers
from sandbox.telegram_mtproto.faults import RpcFault


@answers(functions.upload.GetFileRequest)
def get_file(call: Call, request: Any) -> Any:
    blob = call.world.blobs.get(getattr(request.location, "id", 0))
    if blob is None:
        raise RpcFault("FILE_REFERENCE_INVALID")
    part = blob[request.offset : request.offset + request.limit]
    return types.upload.File(types.storage.FileJpeg(), int(time.time()), part)

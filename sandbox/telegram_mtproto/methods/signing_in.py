"""Phone code, password and QR code; configuration; moving between data centres."""

import os
from datetime import timedelta
from hashlib import sha256
from typing import Any

from telethon import password as srp
from telethon.tl import functions, types

from sandbox.telegram_mtproto.dispatch import Call, answers
from sandbox.telegram_mtproto.faults import RpcFault
from sandbox.telegram_mtproto.handshake import DH_GENERATOR, DH_PRIME
from sandbox.telegram_mtproto.state import User, whole_seconds

_PRIME_BYTES = DH_PRIME.to_bytes(256, "big")
_GENERATOR_BYTES = DH_GENERATOR.to_bytes(256, "big")
_PASSWORD_ALGORITHM = types.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(
    b"salt-one", b"salt-two", DH_GENERATOR, _PRIME_BYTES
)
_QR_LIFETIME = timedelta(seconds=30)
_UNUSED_LIMITS = [
    "chat_size_max",
    "megagroup_size_max",
    "forwarded_count_max",
    "online_update_period_ms",
    "offline_blur_timeout_ms",
    "offline_idle_timeout_ms",
    "online_cloud_timeout_ms",
    "notify_cloud_delay_ms",
    "notify_default_delay_ms",
    "push_chat_period_ms",
    "push_chat_limit",
    "edit_time_limit",
    "revoke_time_limit",
    "revoke_pm_time_limit",
    "rating_e_decay",
    "stickers_recent_limit",
    "channels_read_media_period",
    "call_receive_timeout_ms",
    "call_ring_timeout_ms",
    "call_connect_timeout_ms",
    "call_packet_timeout_ms",
    "caption_length_max",
    "message_length_max",
    "webfile_dc_id",
]


@answers(functions.help.GetConfigRequest, strangers=True)
def get_config(call: Call, request: Any) -> Any:
    options = [types.DcOption(dc.id, dc.host, dc.port) for dc in call.world.dcs.values()]
    now = whole_seconds()
    unused = dict.fromkeys(_UNUSED_LIMITS, 4096)
    dc_id = call.session.auth.dc_id
    return types.Config(
        now, now + timedelta(hours=1), True, dc_id, options, "", me_url_prefix="https://t.me/", **unused
    )


@answers(functions.auth.SendCodeRequest, strangers=True)
def send_code(call: Call, request: Any) -> Any:
    user = call.world.user_by_phone(request.phone_number)
    if user is None:
        raise RpcFault("PHONE_NUMBER_INVALID")
    if user.home_dc != call.session.auth.dc_id:
        raise RpcFault(f"PHONE_MIGRATE_{user.home_dc}")
    return types.auth.SentCode(types.auth.SentCodeTypeApp(len(call.world.code)), f"code-hash-{user.id}")


@answers(functions.auth.SignInRequest, strangers=True)
def sign_in(call: Call, request: Any) -> Any:
    user = call.world.user_by_phone(request.phone_number)
    if user is None or request.phone_code_hash != f"code-hash-{user.id}":
        raise RpcFault("PHONE_CODE_EXPIRED")
    if request.phone_code != call.world.code:
        raise RpcFault("PHONE_CODE_INVALID")
    return _admit(call, user)


@answers(functions.account.GetPasswordRequest, strangers=True)
def get_password(call: Call, request: Any) -> Any:
    user = call.world.users.get(call.session.auth.half_signed_in or call.session.auth.user_id or 0)
    if user is None:
        raise RpcFault("AUTH_KEY_UNREGISTERED")
    plain = types.SecurePasswordKdfAlgoUnknown()
    if user.password is None:
        return types.account.Password(_PASSWORD_ALGORITHM, plain, os.urandom(8))
    verifier = pow(DH_GENERATOR, int.from_bytes(srp.compute_hash(_PASSWORD_ALGORITHM, user.password), "big"), DH_PRIME)
    multiplier = int.from_bytes(sha256(_PRIME_BYTES + _GENERATOR_BYTES).digest(), "big")
    secret = int.from_bytes(os.urandom(256), "big")
    half = (multiplier * verifier + pow(DH_GENERATOR, secret, DH_PRIME)) % DH_PRIME
    call.world.srp_secrets[user.id] = (verifier, secret, half)
    return types.account.Password(
        _PASSWORD_ALGORITHM,
        plain,
        os.urandom(8),
        has_password=True,
        current_algo=_PASSWORD_ALGORITHM,
        srp_B=half.to_bytes(256, "big"),
        srp_id=user.id,
    )


@answers(functions.auth.CheckPasswordRequest, strangers=True)
def check_password(call: Call, request: Any) -> Any:
    """SRP as Telegram does it: the client proves that it knows the password without sending it."""
    user_id = call.session.auth.half_signed_in
    if user_id is None or request.password.srp_id != user_id or user_id not in call.world.srp_secrets:
        raise RpcFault("SRP_ID_INVALID")
    verifier, secret, half = call.world.srp_secrets[user_id]
    half_bytes, client_half = half.to_bytes(256, "big"), request.password.A
    scramble = int.from_bytes(_hash(client_half, half_bytes), "big")
    shared = pow(int.from_bytes(client_half, "big") * pow(verifier, scramble, DH_PRIME), secret, DH_PRIME)
    proof = _hash(
        srp.xor(_hash(_PRIME_BYTES), _hash(_GENERATOR_BYTES)),
        _hash(_PASSWORD_ALGORITHM.salt1),
        _hash(_PASSWORD_ALGORITHM.salt2),
        client_half,
        half_bytes,
        _hash(shared.to_bytes(256, "big")),
    )
    if proof != request.password.M1:
        raise RpcFault("PASSWORD_HASH_INVALID")
    call.world.sign_in(call.session.auth, user_id)
    return _authorization(call.world.users[user_id])


@answers(functions.auth.ExportLoginTokenRequest, strangers=True)
def export_login_token(call: Call, request: Any) -> Any:
    """A new QR code, or, once the last one was scanned, the sign-in it stands for."""
    for token, shown in call.world.login_tokens.items():
        if shown.auth is call.session.auth and shown.user_id is not None:
            user = call.world.users[shown.user_id]
            if user.home_dc != shown.auth.dc_id:
                return types.auth.LoginTokenMigrateTo(user.home_dc, token)
            return types.auth.LoginTokenSuccess(_admit(call, user, token))
    token = call.world.show_login_token(call.session.auth)
    return types.auth.LoginToken(whole_seconds() + _QR_LIFETIME, token)


@answers(functions.auth.ImportLoginTokenRequest, strangers=True)
def import_login_token(call: Call, request: Any) -> Any:
    shown = call.world.login_tokens.get(request.token)
    if shown is None or shown.user_id is None:
        raise RpcFault("AUTH_TOKEN_INVALID")
    return types.auth.LoginTokenSuccess(_admit(call, call.world.users[shown.user_id], request.token))


@answers(functions.auth.ExportAuthorizationRequest)
def export_authorization(call: Call, request: Any) -> Any:
    token = os.urandom(16)
    call.world.transfers[token] = call.user.id
    return types.auth.ExportedAuthorization(call.user.id, token)


@answers(functions.auth.ImportAuthorizationRequest, strangers=True)
def import_authorization(call: Call, request: Any) -> Any:
    user_id = call.world.transfers.pop(request.bytes, None)
    if user_id is None or user_id != request.id:
        raise RpcFault("AUTH_BYTES_INVALID")
    call.world.sign_in(call.session.auth, user_id)
    return _authorization(call.world.users[user_id])


@answers(functions.auth.LogOutRequest)
def log_out(call: Call, request: Any) -> Any:
    call.world.sign_out(call.session.auth)
    return types.auth.LoggedOut()


@answers(functions.users.GetUsersRequest)
def get_users(call: Call, request: Any) -> Any:
    wanted = [call.user.id if isinstance(item, types.InputUserSelf) else item.user_id for item in request.id]
    return [call.world.users[user_id].seen_by(call.user) for user_id in wanted if user_id in call.world.users]


@answers(functions.account.UpdateStatusRequest)
def update_status(call: Call, request: Any) -> Any:
    return True


def _admit(call: Call, user: User, token: bytes | None = None) -> Any:
    if token is not None:
        del call.world.login_tokens[token]
    if user.password is not None:
        call.session.auth.half_signed_in = user.id
        raise RpcFault("SESSION_PASSWORD_NEEDED")
    call.world.sign_in(call.session.auth, user.id)
    return _authorization(user)


def _authorization(user: User) -> Any:
    return types.auth.Authorization(user.seen_by(user))


def _hash(*parts: bytes) -> bytes:
    return sha256(b"".join(parts)).digest()

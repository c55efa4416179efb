"""Every setting, read from the environment and `.env` once, at the start. `.env.example` explains them.

Nothing else reads the environment. A value that is weak or malformed, and a channel of which only a part is set, stop
the start: `load_settings` raises Misconfigured with one Chinese sentence that names the variable and never its value.
"""

import base64
import binascii
import contextlib
import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import Misconfigured

PREFIX = "JIELONG_"
ENV_FILE = Path(".env")
DATA_DIR = Path("data")

KEPT_SECRET = Path("secret.key")  # in the data folder

MIN_TOKEN_CHARS = 12
MIN_SECRET_KEY_BYTES = 32
MIN_WEBHOOK_SECRET_BYTES = 24  # Standard Webhooks 1.0.0, "Signature scheme"
MAX_OPEN_DAYS = 100_000

_DATABASE = re.compile(r"sqlite:///(?!:memory:).|postgresql(\+psycopg)?://.")
_VISIBLE = re.compile(r"[\x21-\x7e]+")
_NAME = re.compile(r"[0-9A-Za-z_-]{1,64}")
_AES_KEY = re.compile(r"[0-9A-Za-z+/]{43}")
_GATEWAY = re.compile(r"[a-z0-9-]{1,32}")


def _wrong(why: str) -> PydanticCustomError:
    return PydanticCustomError("setting", "{why}", {"why": why})


def _visible(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value()
    if not value.strip():
        raise _wrong("是空的；不用这一项就删去这一行")
    if not _VISIBLE.fullmatch(value):
        raise _wrong("只能用半角字母、数字和符号，不能有空格")
    return secret


def _token(secret: SecretStr) -> SecretStr:
    if len(_visible(secret).get_secret_value()) < MIN_TOKEN_CHARS:
        raise _wrong(f"太短，至少要 {MIN_TOKEN_CHARS} 个字符，否则签名可以被猜出")
    return secret


def _aes_key(secret: SecretStr) -> SecretStr:
    if not _AES_KEY.fullmatch(_visible(secret).get_secret_value()):
        raise _wrong("应是平台生成的 43 个字母和数字（EncodingAESKey）")
    return secret


def _secret_key(secret: SecretStr) -> SecretStr:
    if len(_visible(secret).get_secret_value()) < MIN_SECRET_KEY_BYTES:
        raise _wrong(f"太短，至少要 {MIN_SECRET_KEY_BYTES} 个随机字符")
    return secret


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise _wrong("应是 1 至 64 个字母、数字、- 或 _")
    return value


def _database(value: str) -> str:
    if not _DATABASE.match(value):
        raise _wrong("应是 sqlite:///文件 或 postgresql://主机/库名")
    return value


def _database_in(values: Mapping[str, object]) -> str:
    return f"sqlite:///{values.get('data_dir', DATA_DIR)}/jielong.db"


def _folder(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        raise _wrong("是空的；用默认的文件夹就删去这一行")
    return value


def _split(value: str, secure: str, plain: str) -> SplitResult:
    """The parts of an address that is encrypted, or plain to this very machine."""
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise _wrong("不是网址") from None
    if not host or not _VISIBLE.fullmatch(value) or parts.scheme not in {secure, plain}:
        raise _wrong(f"应是 {secure}:// 开头的网址")
    if parts.scheme == plain and not _is_loopback(host):
        raise _wrong(f"应以 {secure}:// 开头，{plain}:// 只能用于本机")
    if parts.username or parts.password or parts.fragment:
        raise _wrong("网址里不能有账号、密码和 # 之后的部分")
    return parts


def is_loopback(url: str) -> bool:
    """Whether an address leads to this very machine."""
    return _is_loopback(urlsplit(url).hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _url(value: str) -> str:
    _split(value, "https", "http")
    return value.rstrip("/")


def _origin(value: str) -> str:
    parts = _split(value, "https", "http")
    if parts.path not in {"", "/"} or parts.query:
        raise _wrong("只写到主机和端口，不带路径")
    return value.rstrip("/")


def _socket(value: str) -> str:
    _split(value, "wss", "ws")
    return value


def _by_name(value: object) -> object:
    """A mapping written as JSON in one variable, each name once."""
    if not isinstance(value, str):
        return value
    try:
        pairs = json.loads(value, object_pairs_hook=list)
    except (ValueError, RecursionError):
        pairs = None
    if not isinstance(pairs, list) or not all(isinstance(pair, tuple) and isinstance(pair[1], str) for pair in pairs):
        raise _wrong('应是一行 JSON，例如 {"名称": "值"}')
    if len(dict(pairs)) < len(pairs):
        raise _wrong("同一个网关写了两次")
    return dict(pairs)


def _gateway_names(value: Mapping[str, object]) -> None:
    for name in value:
        if not _GATEWAY.fullmatch(name):
            raise _wrong("网关名称只能用 1 至 32 个小写字母、数字和 -")


def _gateway_secrets(secrets: dict[str, SecretStr]) -> dict[str, SecretStr]:
    _gateway_names(secrets)
    for name, secret in secrets.items():
        prefix, mark, encoded = secret.get_secret_value().partition("whsec_")
        try:
            key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if prefix or not mark or len(key) < MIN_WEBHOOK_SECRET_BYTES:
            raise _wrong(f"网关 {name} 的密钥应是 whsec_ 加至少 {MIN_WEBHOOK_SECRET_BYTES} 个随机字节的 base64")
    if len({secret.get_secret_value() for secret in secrets.values()}) < len(secrets):
        raise _wrong("两个网关的密钥相同，每个网关要有自己的密钥")
    return secrets


def _gateway_urls(urls: dict[str, str]) -> dict[str, str]:
    _gateway_names(urls)
    return {name: _url(url) for name, url in urls.items()}


Token = Annotated[SecretStr, AfterValidator(_token)]
PlatformSecret = Annotated[SecretStr, AfterValidator(_visible)]  # made by the platform, so never weak by our choice
AesKey = Annotated[SecretStr, AfterValidator(_aes_key)]
Name = Annotated[str, AfterValidator(_name)]
Origin = Annotated[str, AfterValidator(_origin)]


@dataclass(frozen=True, slots=True)
class Use:
    """A use of a channel: it is on where all that it needs is set. `may` goes with it and is needed by another use."""

    what: str
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()


USES = (
    Use("企业微信应用接收消息", ("wecom_corp_id", "wecom_app_token", "wecom_app_aes_key"), may=("wecom_app_agent_id",)),
    Use("企业微信应用发送消息", ("wecom_corp_id", "wecom_app_agent_id", "wecom_app_secret")),
    Use("智能机器人接收回调", ("wecom_bot_token", "wecom_bot_aes_key"), may=("wecom_bot_id",)),
    Use("智能机器人长连接", ("wecom_bot_id", "wecom_bot_secret")),
    Use("公众号接收消息", ("official_account_app_id", "official_account_token", "official_account_aes_key")),
    Use("公众号发送消息", ("official_account_app_id", "official_account_secret")),
    Use("OneBot 接收消息", ("onebot_secret",)),
    Use("OneBot 发送消息", ("onebot_api_url", "onebot_access_token")),
)


class Settings(BaseSettings):
    """The settings of one deployment. Secrets are masked in repr and str."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        env_ignore_empty=False,
    )

    data_dir: Annotated[Path, BeforeValidator(_folder)] = DATA_DIR
    database_url: Annotated[str, AfterValidator(_database)] = Field(default_factory=_database_in, repr=False)
    secret_key: Annotated[SecretStr, AfterValidator(_secret_key)] | None = None
    public_url: Origin = "http://127.0.0.1:8000"
    timezone: ZoneInfo = ZoneInfo("Asia/Shanghai")
    open_days: Annotated[int, Field(ge=1, le=MAX_OPEN_DAYS)] = 7

    wecom_corp_id: Name | None = None
    wecom_app_token: Token | None = None
    wecom_app_aes_key: AesKey | None = None
    wecom_app_agent_id: Annotated[int, Field(ge=0)] | None = None
    wecom_app_secret: PlatformSecret | None = None
    wecom_bot_token: Token | None = None
    wecom_bot_aes_key: AesKey | None = None
    wecom_bot_id: Name | None = None
    wecom_bot_secret: PlatformSecret | None = None
    wecom_bot_ws_url: Annotated[str, AfterValidator(_socket)] = "wss://openws.work.weixin.qq.com"

    official_account_app_id: Name | None = None
    official_account_token: Token | None = None
    official_account_aes_key: AesKey | None = None
    official_account_secret: PlatformSecret | None = None

    onebot_secret: Token | None = None
    onebot_api_url: Origin | None = None
    onebot_access_token: Token | None = None

    gateway_secrets: Annotated[
        dict[str, SecretStr], NoDecode, BeforeValidator(_by_name), AfterValidator(_gateway_secrets)
    ] = Field(default={})
    gateway_urls: Annotated[dict[str, str], NoDecode, BeforeValidator(_by_name), AfterValidator(_gateway_urls)] = Field(
        default={}
    )

    wecom_api_url: Origin = "https://qyapi.weixin.qq.com"
    official_account_api_url: Origin = "https://api.weixin.qq.com"

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """What is set is of use: no channel is half set, no address belongs to a gateway without a secret."""
        on = [use for use in USES if all(self._is_set(name) for name in use.needs)]
        useful = {name for use in on for name in (*use.needs, *use.may)}
        for use in USES:
            idle = next((name for name in use.needs if self._is_set(name) and name not in useful), None)
            if idle is not None:
                missing = "、".join(_variable(name) for name in use.needs if not self._is_set(name))
                raise _wrong(f"设置了 {_variable(idle)}，但没有设置 {missing}，{use.what}要用；不用就都删去")
        nameless = self.gateway_urls.keys() - self.gateway_secrets.keys()
        if nameless:
            raise _wrong(
                f"{_variable('gateway_urls')} 里的网关 {min(nameless)} 在 {_variable('gateway_secrets')} 里没有密钥"
            )
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The school's time zone: it decides which day a message is of."""
        return self.timezone

    def secret_key_bytes(self) -> bytes:
        """The secret that all keys are derived from: set, or kept in the data folder, where it is made at first need.

        Raises Misconfigured where the file cannot be used.
        """
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().encode()
        return _kept_secret(self.data_dir / KEPT_SECRET)

    def _is_set(self, name: str) -> bool:
        return getattr(self, name) is not None


def load_settings(env_file: Path | None = ENV_FILE) -> Settings:
    """The settings of the environment and the file, the environment first; raises Misconfigured."""
    try:
        unknown = list(_unknown(env_file))
        settings = Settings(_env_file=env_file)
    except ValidationError as error:
        raise Misconfigured("设置有误：" + "；".join(_sentences(error))) from None
    except UnicodeDecodeError:
        raise Misconfigured(f"设置文件 {env_file} 不是 UTF-8 文本") from None
    if unknown:
        raise Misconfigured(f"设置有误：{env_file} 里的 {'、'.join(unknown)} 不是本程序的设置，请检查拼写")
    return settings


def _unknown(env_file: Path | None) -> Iterator[str]:
    """Variables of the file with our prefix that nothing reads: a slip would leave a channel off unnoticed."""
    names = dotenv_values(env_file, interpolate=False) if env_file and env_file.is_file() else {}
    for name in names:
        field = name.lower().removeprefix(PREFIX.lower())
        if name.upper().startswith(PREFIX) and field not in Settings.model_fields:
            yield name


def _sentences(error: ValidationError) -> Iterator[str]:
    for one in error.errors(include_input=False, include_url=False):
        why = _REASONS.get(one["type"], "写法不对").format_map(one.get("ctx", {}))
        yield f"{_variable(str(one['loc'][0]))} {why}" if one["loc"] else why


def _variable(field: str) -> str:
    return PREFIX + field.upper()


_REASONS = {  # by the type of pydantic's error
    "setting": "{why}",
    "int_parsing": "应是整数",
    "greater_than_equal": "至少是 {ge}",
    "less_than_equal": "最多是 {le}",
    "zoneinfo_str": "不是时区名，例如 Asia/Shanghai",
}


def _kept_secret(path: Path) -> bytes:
    """The secret in the file, made if there is none; several processes that start at once get the same one."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _make_secret(path)
        if path.stat().st_mode & 0o077:
            raise Misconfigured(f"密钥文件 {path} 别人也能读，请先执行 chmod 600 {path}")
        secret = path.read_bytes().strip()
    except OSError as error:
        raise Misconfigured(f"密钥文件 {path} 不能读写（{error.strerror}），请检查 {_variable('data_dir')}") from None
    if len(secret) < MIN_SECRET_KEY_BYTES:
        raise Misconfigured(
            f"密钥文件 {path} 太短，少于 {MIN_SECRET_KEY_BYTES} 字节；没有它已存的数据打不开，请从备份恢复"
        )
    return secret


def _make_secret(path: Path) -> None:
    """Write a new secret durably under a name of its own, then give it the name unless another process was first."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_urlsafe(MIN_SECRET_KEY_BYTES).encode())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    finally:
        draft.unlink()

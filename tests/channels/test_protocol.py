"""What every channel keeps, whichever file it is in: a new one is found here by itself."""

import importlib
import pkgutil
from collections.abc import Callable
from types import ModuleType

import pytest

import bot.channels
from bot import wiring
from bot.channels.protocol import MAX_BODY_BYTES, Channel, Outgoing, Refused, Sends, VerifiesUrl
from bot.errors import NotAuthentic, TooLarge
from bot.settings import Settings
from tests.channels.platform import AES_KEY, CORP_ID, GATEWAY_SECRET, NOW, TOKEN

MODULES = [
    importlib.import_module(f"bot.channels.{module.name}") for module in pkgutil.iter_modules(bot.channels.__path__)
]
BUILDERS = [module for module in MODULES if hasattr(module, "build")]
WAYS_OUT = [module for module in MODULES if hasattr(module, "outlet")]
OFF = Settings(_env_file=None)
ON = Settings.model_validate(
    {
        "wecom_corp_id": CORP_ID,
        "wecom_app_token": TOKEN,
        "wecom_app_aes_key": AES_KEY,
        "wecom_bot_token": TOKEN,
        "wecom_bot_aes_key": AES_KEY,
        "gateway_secrets": {"home": GATEWAY_SECRET, "school-2": GATEWAY_SECRET.replace("AAEC", "AAAA")},
    }
)
CHANNELS: list[Channel] = [channel for module in BUILDERS for channel in module.build(ON)]
OUTLETS: list[Sends] = [module.outlet(ON) for module in WAYS_OUT]


def test_the_files_of_channels_are_those_that_the_wiring_knows() -> None:
    builds: list[Callable[[Settings], list[Channel]]] = [module.build for module in BUILDERS]
    assert sorted(builds, key=id) == sorted(wiring.CHANNELS, key=id)


def test_the_files_of_ways_out_are_those_that_the_wiring_knows() -> None:
    outlets: list[Callable[[Settings], Sends]] = [module.outlet for module in WAYS_OUT]
    assert sorted(outlets, key=id) == sorted(wiring.OUTLETS, key=id)
    assert wiring.build_outlets(ON).keys() == {outlet.name for outlet in OUTLETS} == {"wecom-robot"}


def test_each_channel_has_a_name_of_its_own() -> None:
    assert sorted(channel.name for channel in CHANNELS) == [
        "gateway/home",
        "gateway/school-2",
        "wecom-app",
        "wecom-bot",
    ]


@pytest.mark.parametrize("module", BUILDERS, ids=lambda module: module.__name__)
def test_a_channel_without_secrets_is_off(module: ModuleType) -> None:
    assert module.build(OFF) == []


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.name)
class TestEveryChannel:
    def test_refuses_what_is_not_signed(self, channel: Channel) -> None:
        for body in (b"", b"{}", b"<xml/>"):
            with pytest.raises(NotAuthentic):
                channel.decode([], [], body, NOW)

    def test_refuses_what_is_too_large_or_not_signed(self, channel: Channel) -> None:
        query = [("msg_signature", "0" * 40), ("timestamp", "1581984065"), ("nonce", "1")]
        with pytest.raises(TooLarge):
            channel.decode([], query, b"x" * (MAX_BODY_BYTES + 1), NOW)

    def test_verifies_no_address_for_a_stranger(self, channel: Channel) -> None:
        if isinstance(channel, VerifiesUrl):
            for query in ([], [("echostr", "1")]):
                with pytest.raises(NotAuthentic):
                    channel.verify(query)

    def test_shows_no_secret(self, channel: Channel) -> None:
        assert not [secret for secret in (TOKEN, AES_KEY, GATEWAY_SECRET) if secret in f"{channel!r}{channel}"]


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.name)
class TestEveryWayOut:
    def test_has_limits(self, outlet: Sends) -> None:
        assert outlet.most_bytes > 0
        assert outlet.most_a_minute > 0

    def test_refuses_what_is_too_long_before_anything_is_sent(self, outlet: Sends) -> None:
        assert outlet.send(Outgoing("key", "x" * (outlet.most_bytes + 1))) == Refused()

    def test_shows_no_secret(self, outlet: Sends) -> None:
        assert not [secret for secret in (TOKEN, AES_KEY, GATEWAY_SECRET) if secret in f"{outlet!r}{outlet}"]

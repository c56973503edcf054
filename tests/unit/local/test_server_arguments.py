from pathlib import Path

from newswire.local.server_arguments import encode


def test_the_arguments_are_the_bytes_that_the_servers_launcher_sends() -> None:
    name = b"org.elasticsearch.common.settings.KeyStoreWrapper"
    assert encode({"http.port": "9200"}, Path("/c"), Path("/l")) == (
        b"\0\0\0"  # in the foreground, logging to the console, no pid file
        + bytes([len(name)])
        + name
        + b"\0\0\0\x04\0\0\0\0"  # keystore format 4: no password, no bytes, no entries, open
        + b"\x01\x09http.port\0\x049200"
        + b"\x02/c\x02/l"
    )


def test_long_and_foreign_values_keep_their_length_in_utf_16_units() -> None:
    encoded = encode({}, Path("/" + "x" * 199), Path("/é€𝄞"))
    assert b"\xc8\x01/xxx" in encoded  # 200 is 0b1_1001000: 0xc8, 0x01
    # One unit for é and € each; the clef is two surrogates of three bytes each.
    assert encoded.endswith(b"\x05/\xc3\xa9\xe2\x82\xac\xed\xa0\xb4\xed\xb4\x9e")

"""Only the public internet is asked, besides what the operator names."""

from __future__ import annotations

import pytest

from ckanext.satudata.core.links import addresses


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2001:db8::1",
        "bukan-alamat",
    ],
)
def test_what_is_not_the_public_internet_is_not_asked(address: str) -> None:
    assert not addresses.is_public(address)
    assert not addresses.allowed([]).reaches("data.example.go.id", address)


@pytest.mark.parametrize("address", ["8.8.8.8", "103.10.1.1", "2606:4700::6810:84e5", "2404:8000::1"])
def test_the_public_internet_is(address: str) -> None:
    assert addresses.is_public(address)


def test_the_operator_names_hosts_and_networks() -> None:
    found = addresses.allowed(["Data.Pemda.local", "10.20.0.0/16", "192.168.1.7", "fd12::/16"])
    assert found.reaches("data.pemda.local", "10.1.1.1")
    assert found.reaches("lain", "10.20.3.4")
    assert found.reaches("lain", "192.168.1.7")
    assert found.reaches("x", "fd12::5")
    assert not found.reaches("lain", "10.21.0.1")
    assert not found.reaches("lain", "192.168.1.8")
    assert not found.reaches("pemda.local", "10.1.1.1")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://data.example.go.id/berkas/a%20b.csv?x=1", True),
        ("HTTP://data.example.go.id:8080/a.csv", True),
        ("http://[2606:4700::1]/a.csv", True),
        ("ftp://data.example.go.id/a.csv", False),
        ("file:///etc/passwd", False),
        ("gopher://x/", False),
        ("//data.example.go.id/a.csv", False),
        ("data.example.go.id/a.csv", False),
        ("https://", False),
        ("https://budi:rahasia@data.example.go.id/a.csv", False),
        ("https://budi@data.example.go.id/a.csv", False),
        ("https://x:99999/a.csv", False),
        ("https://[::1/a.csv", False),
        ("https://x/a b.csv", False),
        ("https://x/\r\nHost: y", False),
        ("https://x/" + "a" * 2000, False),
    ],
)
def test_what_a_link_is(url: str, expected: bool) -> None:
    assert addresses.is_link(url) is expected

"""Where a text is, by the URI that an editor gives it."""

import pytest

from rosetta_spec.lsp.uri import path_of


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///requests/a.sampling.yaml", "/requests/a.sampling.yaml"),
        ("file:///my%20requests/%C3%A9.yaml", "/my requests/\u00e9.yaml"),
        ("file:///a;b&c=d,e.yaml", "/a;b&c=d,e.yaml"),
        ("file:///not-utf-8-%ff.yaml", "/not-utf-8-\udcff.yaml"),
        ("file://localhost/a.yaml", "/a.yaml"),
        ("file://host/share/a.yaml", "//host/share/a.yaml"),
        ("file:///c%3A/requests/a.yaml", "c:/requests/a.yaml"),
        ("file:///C:/requests/a.yaml", "C:/requests/a.yaml"),
        ("untitled:/home/me/a.sampling.yaml", "/home/me/a.sampling.yaml"),
        ("untitled:Untitled-1", "Untitled-1"),
        ("git:/requests/a.yaml?%7B%22ref%22%3A%22~%22%7D", "/requests/a.yaml"),
        ("file:///nothing%00more.yaml", None),
        ("file:///half-a-pair-\ud83d.yaml", None),
        ("file://[::1/a.yaml", None),
        ("http://[x]/a.yaml", None),
        ("file:", None),
        ("", None),
    ],
)
def test_a_uri_stands_for_the_path_that_a_file_can_have(uri, path):
    assert path_of(uri) == path

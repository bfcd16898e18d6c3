"""What can be licensed: from `x-media` and `x-medium` to `contract/media.py`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sounds_contract import MEDIA, MEDIUM, SOUNDS

from codegen.__main__ import ROOT, main
from codegen.contract.spec import load
from codegen.output.render import render

pytestmark = pytest.mark.tools

HERE = "# HERE"  # marks the line that the report must name
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def sounds(root: Path) -> Path:
    """A project with a medium beside the pets."""
    (root / "openapi" / "sounds.yaml").write_text(SOUNDS)
    return root


def test_a_medium(sounds: Path) -> None:
    files = render(load(sounds / "openapi"))
    assert files["shutterstock_api/contract/media.py"] == MEDIA
    contract = files["shutterstock_api/contract/sounds.py"]
    assert contract.endswith(MEDIUM)
    assert '"""The operations of `SoundsApi` as data, and what they license."""\n' in contract
    licensing = contract.partition("LICENSE_SOUNDS: ")[2]
    assert licensing.partition(")\n")[0].endswith('    sending="license",\n    medium="sound effect",\n')
    assert contract.count("medium=") == 1
    api = files["shutterstock_api/api/sounds_api.py"]
    assert "from shutterstock_api.contract import sounds\n" in api
    assert "    medium: ClassVar[Medium | None] = sounds.SOUND_EFFECTS\n" in api
    assert "medium" not in files["shutterstock_api/api/pets_api.py"].lower()


def test_what_a_request_names_and_what_an_answer_tells(sounds: Path) -> None:
    """The facts of images: sizes, a marker, limits, an id of the licence, a way to download again."""
    images = (ROOT / "openapi" / "images.yaml").read_text()
    common = (ROOT / "openapi" / "common.yaml").read_text()
    for path in (sounds / "openapi").glob("*.yaml"):
        path.unlink()
    images = images.replace("maxItems: 50\n", "maxItems: 40\n").replace("maxItems: 500\n", "maxItems: 300\n")
    images = images.replace("default: huge", "default: small")
    for name, text in (("images", images), ("common", common)):
        text = text.replace("maxProperties: 4\n", "maxProperties: 3\n")
        text = re.sub(r"\n +x-replaced-by: .*", "", text)  # by an operation of another file
        without_mixins = text.replace("x-mixin:", "title:").replace("title: [", "title: 'Two' # ")
        (sounds / "openapi" / f"{name}.yaml").write_text(without_mixins)
    media = render(load(sounds / "openapi"))["shutterstock_api/contract/images.py"]
    for fact in (
        'items="images"',
        'item_id="image_id"',
        "most=40",
        "metadata=3",
        "marker=True",
        "has_license_id=True",
        'sizes=("small", "medium", "huge", "vector", "custom")',
        'size="small"',
        'extensions={"vector": "eps"}',
        'history_item="image"',
        "most_ids=300",
        "redownload=DOWNLOAD_IMAGE",
        'redownload_sizes=("small", "medium", "huge", "supersize", "vector")',
    ):
        assert f"    {fact},\n" in media


def test_what_a_job_must_be_told_besides(sounds: Path) -> None:
    contract = SOUNDS.replace("    extension: wav\n", "    extension: wav\n    job_settings: [rate]\n")
    (sounds / "openapi" / "sounds.yaml").write_text(contract)
    medium = render(load(sounds / "openapi"))["shutterstock_api/contract/sounds.py"].partition("Medium(\n")[2]
    assert '    required=("layout",),\n    job_settings=("layout", "country", "rate"),\n' in medium


def test_an_operation_may_serve_two_media(sounds: Path) -> None:
    songs = SOUNDS.replace("sound effect", "song").replace("_sounds", "_songs").replace("/v1/", "/v2/")
    history = songs[songs.index("  /v2/licenses:\n    get:") : songs.index("    post:")]
    songs = songs.replace(history, "  /v2/licenses:\n")
    songs = songs[: songs.index("components:")].replace("#/components", "sounds.yaml#/components")
    (sounds / "openapi" / "songs.yaml").write_text(songs)
    (sounds / "openapi" / "sounds.yaml").write_text(
        SOUNDS.replace("{sound effect: history}", "{sound effect: history, song: history}")
    )
    files = render(load(sounds / "openapi"))
    contract = files["shutterstock_api/contract/songs.py"]
    assert "\nfrom shutterstock_api.contract import sounds\n" in contract
    assert "\n    history=sounds.LIST_LICENSES,\n" in contract.partition("SONGS: Medium = Medium(\n")[2]
    assert "import songs" not in files["shutterstock_api/contract/sounds.py"]
    names = '        "song": "SONGS",\n        "sound effect": "SOUND_EFFECTS",\n'
    assert names in files["shutterstock_api/contract/media.py"]


def test_what_spends_and_cannot_be_looked_up(sounds: Path) -> None:
    (sounds / "openapi" / "sounds.yaml").write_text(SOUNDS)
    order = SOUNDS[SOUNDS.index("    post:\n") : SOUNDS.index("components:")]
    order = order.replace("{sound effect: license}", "none").replace("license_sounds", "render_sounds")
    path = f"  /v1/renders:\n{order}"
    (sounds / "openapi" / "sounds.yaml").write_text(SOUNDS.replace("components:\n", f"{path}components:\n"))
    contract = render(load(sounds / "openapi"))["shutterstock_api/contract/sounds.py"]
    rendering = contract.partition("RENDER_SOUNDS: ")[2].partition("\n)")[0]
    assert rendering.endswith('\n    sending="license",')
    assert contract.count("medium=") == 1


LICENSE = "paths./v1/licenses.post"
HISTORY = "paths./v1/licenses.get"
SONGS = "{type: array, items: {$ref: '#/components/schemas/Song'}, description: Songs.}"
FAULTS = {
    "a licence of no medium": (
        "      x-medium: {sound effect: license}\n",
        "",
        LICENSE,
        "`x-sending: license` needs an `x-medium` that it licenses, and vice versa",
    ),
    "a medium that is licensed without care": (
        "      x-sending: license\n",
        "",
        LICENSE,
        "`x-sending: license` needs an `x-medium` that it licenses, and vice versa",
    ),
    "no medium, and nothing bought": (
        "      x-medium: {sound effect: lookup}\n",
        "      x-medium: none\n",
        "paths./v1/sounds.get",
        "`x-sending: license` needs an `x-medium` that it licenses, and vice versa",
    ),
    "an unknown role": (
        "x-medium: {sound effect: history}",
        f"x-medium: {{sound effect: past}} {HERE}",
        f"{HISTORY}.x-medium",
        "'past' is none of license, history, lookup, redownload",
    ),
    "a medium that no file has": (
        "x-medium: {sound effect: history}",
        f"x-medium: {{noise: history}} {HERE}",
        f"{HISTORY}.x-medium.noise",
        "no file has the medium 'noise' in its `x-media`",
    ),
    "a role that nobody has": (
        "      x-medium: {sound effect: lookup}\n",
        "",
        "x-media.sound effect",
        "no operation says `x-medium: {sound effect: lookup}`",
    ),
    "a role twice": (
        "x-medium: {sound effect: lookup}",
        f"x-medium: {{sound effect: history}} {HERE}",
        "paths./v1/sounds.get.x-medium.sound effect",
        "'list_licenses' is the history of 'sound effect' already",
    ),
    "two media in a file": (
        "    extension: wav\n",
        "    extension: wav\n  noise: {extension: wav}\n",
        "x-media",
        "one medium per file is expected",
    ),
    "a name that nobody can say": (
        "  sound effect:\n",
        f"  Sound_Effect: {HERE}\n",
        "x-media.Sound_Effect",
        "'Sound_Effect' is no name of a medium",
    ),
    "an unknown fact": (
        "    extension: wav\n",
        f"    extension: wav\n    colour: red {HERE}\n",
        "x-media.sound effect.colour",
        "the generator does not know the key 'colour'",
    ),
    "no extension": (
        "  sound effect:\n    extension: wav",
        f"  sound effect: {{}} {HERE}",
        "x-media.sound effect",
        "'extension' is missing",
    ),
    "a setting that no request has": (
        "    extension: wav\n",
        f"    extension: wav\n    job_settings: [rate, colour] {HERE}\n",
        "x-media.sound effect.job_settings",
        "'colour' is no optional field of a request",
    ),
    "a setting that the service requires anyway": (
        "    extension: wav\n",
        f"    extension: wav\n    job_settings: [layout] {HERE}\n",
        "x-media.sound effect.job_settings",
        "'layout' is no optional field of a request",
    ),
    "a marker without a place for it": (
        "    extension: wav\n",
        f"    extension: wav\n    marker: true {HERE}\n",
        "x-media.sound effect.marker",
        "the entries of a request have no `metadata`",
    ),
    "two lists in a request": (
        "        country:\n",
        f"        songs: {SONGS}\n        country:\n",
        "components.schemas.Order",
        "exactly one list of entries is expected, and 2 are here",
    ),
    "no id that tells results apart": (
        "        sound_id: {type: string, description: Its ID.}\n        error",
        "        song_id: {type: string, description: Its ID.}\n        error",
        LICENSE,
        "exactly one id that an entry and its result have is expected, and 0 are here",
    ),
    "an answer without data": (
        "        data:\n",
        "        results:\n",
        "components.schemas.Bought",
        "exactly one model as `data` of the answer is expected, and 0 are here",
    ),
    "a history that cannot be asked for one id": (
        "name: sound_id",
        "name: sound",
        HISTORY,
        "exactly one argument for an id of the medium is expected, and 0 are here",
    ),
    "a look-up of one": (
        "schema: {type: array, items: {type: string}}\n          example: ['7']",
        "schema: {type: string}\n          example: '7'",
        "paths./v1/sounds.get",
        "exactly one list is expected, and 0 are here",
    ),
    "a limit that is no number": (
        "          description: The sounds.\n          items:\n",
        f"          description: The sounds.\n          maxItems: many {HERE}\n          items:\n",
        "components.schemas.Order.properties.sounds.maxItems",
        "a whole number is expected",
    ),
}


@pytest.mark.parametrize(("old", "new", "place", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_fault(old: str, new: str, place: str, message: str, sounds: Path, capsys: Captured) -> None:
    assert old in SOUNDS
    contract = SOUNDS.replace(old, new, 1)
    (sounds / "openapi" / "sounds.yaml").write_text(contract)

    assert main([], sounds) == 2

    lines = capsys.readouterr().err.splitlines()
    found = [line for line in lines if f" {place}: " in line and message in line]
    assert found, lines
    if HERE in contract:
        marked = next(number for number, line in enumerate(contract.splitlines(), 1) if HERE in line)
        assert found[0].startswith(f"openapi/sounds.yaml:{marked}: ")


def test_two_files_with_one_medium(sounds: Path, pets: str, capsys: Captured) -> None:
    (sounds / "openapi" / "pets.yaml").write_text(f"{pets}x-media: {{sound effect: {{extension: wav}}}}\n")
    assert main([], sounds) == 2
    assert ": x-media.sound effect: another file has the medium 'sound effect'" in capsys.readouterr().err


def test_a_file_that_would_hide_the_media(sounds: Path, capsys: Captured) -> None:
    (sounds / "openapi" / "sounds.yaml").rename(sounds / "openapi" / "media.yaml")
    assert main([], sounds) == 2
    assert "openapi/media.yaml:1: 'media' is the module of the media" in capsys.readouterr().err


def test_metadata_says_how_many_keys_it_takes(sounds: Path, capsys: Captured) -> None:
    rate = "rate: {type: string, description: Its rate.}"
    metadata = "metadata: {type: object, additionalProperties: true, description: Notes.}"
    contract = SOUNDS.replace(rate, metadata).replace("layout, rate]", "layout]")
    (sounds / "openapi" / "sounds.yaml").write_text(contract)
    assert main([], sounds) == 2
    assert (
        "components.schemas.Sound.properties.metadata: 'maxProperties' is missing" in capsys.readouterr().err
    )

    contract = contract.replace("description: Notes.}", "description: Notes., maxProperties: 9}")
    contract = contract.replace("extension: wav", "extension: wav\n    marker: true")
    (sounds / "openapi" / "sounds.yaml").write_text(contract)
    media = render(load(sounds / "openapi"))["shutterstock_api/contract/sounds.py"]
    assert "    metadata=9,\n    marker=True,\n" in media

"""Search for images, license some, download them, and lay them out on a contact sheet.

    python -m pip install '.[sandbox]' && python examples/quickstart.py

uses a sandbox inside this process, so it needs no account and no network, and costs nothing. To use the
real service, where licences cost money, run the following; the script asks before it buys any:

    export SHUTTERSTOCK_API_TOKEN=...      # with the scopes licenses.create, licenses.view, purchases.view
    python examples/quickstart.py --live --query "mountain lake" --count 2
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import shorten

from PIL import Image as Picture, ImageDraw, ImageFont, ImageOps

import shutterstock_api
from shutterstock_api import ApiClient, ApiException, Image, LicenseImageResult, subscriptions_for

SIZE = "huge"  # the original size, whose pixels are in `image.assets.huge_jpg`


def main() -> int:
    options = arguments()
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # some terminals lack characters
    try:
        with service(options.live) as client:
            return run(client, options)
    except (ApiException, OSError) as error:  # a call raises nothing else; the text says what to do
        print(f"\n{error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped. What was licensed by then is in the licence history.", file=sys.stderr)
    return 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Search for images, license and download some.")
    parser.add_argument("--query", default="cat sunset", help="what to search for (%(default)s)")
    parser.add_argument("--count", type=int, default=3, help="how many images to license (%(default)s)")
    parser.add_argument("--output", type=Path, default=Path("quickstart-output"), help="folder (%(default)s)")
    parser.add_argument("--subscription-id", help="subscription to charge")
    parser.add_argument("--live", action="store_true", help="use the real service, and buy real licences")
    options = parser.parse_args()
    if not 1 <= options.count <= 50:
        parser.error("--count: one request licenses 1 to 50 images")
    if options.live and not os.environ.get("SHUTTERSTOCK_API_TOKEN"):
        parser.error("--live needs a token in the environment variable SHUTTERSTOCK_API_TOKEN")
    return options


@contextmanager
def service(live: bool) -> Generator[ApiClient]:
    """Return a client of the real service, or of a sandbox that runs during the `with` block."""
    if live:
        with ApiClient() as client:  # takes host and token from the environment
            yield client
        return
    from shutterstock_api.sandbox import Sandbox

    os.environ["no_proxy"] = "127.0.0.1"  # the sandbox is on this machine, whatever proxy is set
    with Sandbox() as sandbox, sandbox.client() as client:
        yield client


def run(client: ApiClient, options: argparse.Namespace) -> int:
    found = [*client.images.search_images(query=options.query, per_page=max(options.count, 8), view="full")]
    images = found[: options.count]
    if not images:
        print(f'No image was found for "{options.query}": try fewer words, or others.')
        return 1
    show(found, len(images))
    if options.live and not agreed(client, len(images), options.subscription_id):
        print("Nothing was licensed.")
        return 1
    options.output.mkdir(parents=True, exist_ok=True)  # before it costs anything
    results = license_images(client, images, options.subscription_id)
    files = download_all(client, results, options.output)
    summarize(results, files)
    if files:
        captions = {image.id or "": image.description or "" for image in images}
        contact_sheet(files, captions, options.query, options.output / "contact-sheet.jpg")
    if not options.live:
        print("\nThis was the sandbox: nothing was bought. With the real service it costs money:")
        print("  export SHUTTERSTOCK_API_TOKEN=...\n  python examples/quickstart.py --live")
    return 0 if len(files) == len(images) else 1


def show(images: Sequence[Image], count: int) -> None:
    """Print a table; `>` marks what is going to be licensed."""
    print(f"  {'id':<12}{'description':<52}{'pixels':<14}contributor")
    for index, image in enumerate(images):
        description = shorten(image.description or "", 50, placeholder="...")
        file = image.assets and image.assets.huge_jpg  # any field can be `None`
        pixels = f"{file.width} x {file.height}" if file else "?"
        contributor = image.contributor and image.contributor.id
        print(
            f"{'>' if index < count else ' '} {image.id or '?':<12}{description:<52}{pixels:<14}{contributor}"
        )
    print()


def agreed(client: ApiClient, count: int, subscription_id: str | None) -> bool:
    """Ask before money is spent. Only a `yes`, typed by a person, means that the script goes on."""
    charged = f"subscription {subscription_id}" if subscription_id else "the default subscription"
    host = client.configuration.host
    print(f"This licenses the {count} marked images, size {SIZE}, at {host}, and charges {charged}.")
    if not sys.stdin.isatty():
        print("The input is not a terminal, so nobody can be asked.")
        return False
    print("These subscriptions can pay for it:")
    for one in subscriptions_for(client.images, size=SIZE):
        left = "a price for each licence" if one.left is None else f"{one.left} left"
        print(f"  {one.id}: {left}, {one.subscription.description}")
    print('Type "yes" to buy: ', end="", flush=True)
    return sys.stdin.readline() == "yes\n"  # at the end of the input it is empty


def license_images(
    client: ApiClient, images: Sequence[Image], charged: str | None
) -> list[LicenseImageResult]:
    """License all images with one request; say which ones were refused."""
    try:
        results = client.images.license_images(images, size=SIZE, subscription_id=charged).data or []
    except shutterstock_api.LicenseOutcomeUnknown as doubt:
        print(f"{doubt}\nLooking it up ...")  # sending it again could mean paying twice
        results = reconciled(client, doubt)
    told = {result.image_id for result in results}
    missing = [image.id for image in images if image.id not in told]
    results += [LicenseImageResult(image_id=id_, error="no answer; look at your history") for id_ in missing]
    for result in results:
        if result.error:
            print(f"Image {result.image_id} was not licensed: {result.error}")
    return results


def reconciled(client: ApiClient, doubt: shutterstock_api.LicenseOutcomeUnknown) -> list[LicenseImageResult]:
    """Find out in the licence history what was bought. This buys nothing."""
    history = doubt.reconcile()
    results: list[LicenseImageResult] = []
    for image_id, licences in history.licensed.items():
        print(f"Image {image_id} is licensed as {licences[0].id}.")
        results.append(LicenseImageResult(image_id=image_id, license_id=licences[0].id))
    unknown = "not certain yet. Look at the licence history in a few minutes, before you license it again"
    for images, error in (history.not_licensed, "nothing was bought"), (history.unknown, unknown):
        results += [LicenseImageResult(image_id=image_id, error=error) for image_id in images]
    return results


def download_all(client: ApiClient, results: Sequence[LicenseImageResult], folder: Path) -> dict[str, Path]:
    """Download what was licensed; return the files by image id."""
    licensed = [result for result in results if result.license_id]
    report = shutterstock_api.download_many(
        licensed, folder, api=client, size=SIZE, overwrite=True, progress=True
    )
    files: dict[str, Path] = {}
    for result, file in zip(licensed, report.files, strict=True):
        if file.path and not file.error:
            files[result.image_id or ""] = file.path
            continue
        print(f"Image {result.image_id} was not downloaded: {file.error}")
        print(f"  It is yours: download_image({result.license_id!r}, ...) gives a new link for free.")
    return files


def contact_sheet(files: dict[str, Path], captions: dict[str, str], title: str, target: Path) -> None:
    """Lay the pictures out as a grid of cards."""
    cards = [card(path, captions.get(image_id, "")) for image_id, path in files.items()]
    columns = min(3, len(cards))
    rows = -(-len(cards) // columns)
    gap, top = 36, 110
    width, height = cards[0].width + gap, cards[0].height + gap
    sheet = Picture.new("RGB", (gap + columns * width, top + rows * height), "#efede8")
    ImageDraw.Draw(sheet).text((gap, top // 2), title, "#2b2a27", ImageFont.load_default(36), anchor="lm")
    for index, one in enumerate(cards):
        sheet.paste(one, (gap + index % columns * width, top + index // columns * height))
    sheet.save(target, quality=92, subsampling=0)
    print(f"  {target}")


def card(path: Path, caption: str) -> Picture.Image:
    """Put a picture on a white card, with its caption below."""
    with path.open("rb") as file:
        picture = Picture.open(file).convert("RGB")
    made = ImageOps.expand(ImageOps.pad(picture, (480, 360), color="#f6f5f1"), (18, 18, 18, 90), "white")
    draw = ImageDraw.Draw(made)
    draw.text((18, 398), shorten(caption, 50, placeholder="..."), "#2b2a27", ImageFont.load_default(20))
    details = f"{path.stem}     {picture.width} x {picture.height}"
    draw.text((18, 428), details, "#8a877e", ImageFont.load_default(17))
    return ImageOps.expand(made, 1, "#d9d6ce")


def summarize(results: Sequence[LicenseImageResult], files: dict[str, Path]) -> None:
    """Say what was bought, what it cost, and where it is."""
    charges = [result.allotment_charge for result in results if result.license_id]
    cost = "see the licence history" if None in charges else sum(charge or 0 for charge in charges)
    print(f"\nLicensed {len(charges)} of {len(results)} images, downloaded {len(files)}.")
    print(f"Charged to the allotment of the subscription: {cost}.")
    for path in files.values():
        print(f"  {path}")


if __name__ == "__main__":
    sys.exit(main())

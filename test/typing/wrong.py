"""Mistakes that type checkers find, one on each line that says so. Tested by `test/unit/test_typing.py`."""

from __future__ import annotations

from shutterstock_api import (
    ApiClient,
    ApiException,
    Configuration,
    Image,
    ImagesApi,
    JobImage,
    Licence,
    LicenseImage,
    LicenseImageRequest,
    LicenseImageResultDataList,
    LicenseJob,
    OAuth,
    OauthApi,
    RefreshingToken,
    SearchImage,
    Token,
    TokenFile,
    Url,
    download,
    download_many,
    get_many,
    in_background,
    paginate,
    with_http_info,
    with_raw_response,
)
from shutterstock_api import Imagee  # error: misspelt name
from shutterstock_api.models import LicenceImage  # error: misspelt model
from shutterstock_api.types import LicenseImageDict

api = ImagesApi()
image = LicenseImage(image_id="1")

api.search_image(query="cat")  # error: misspelt method
api.search_images(qery="cat")  # error: misspelt parameter
api.search_images("cat")  # error: optional arguments go by name
api.search_images(page="2")  # error: text is no number
api.search_images(safe="yes")  # error: text is no boolean
api.search_images(query=["cat"])  # error: one text only
api.search_images(contributor=[1])  # error: an ID is text
api.search_images(image_type={"photo"})  # error: a set has no order
api.search_images(added_date=20260131)  # error: a number is no date
api.get_image(465011609)  # error: an ID is text
api.get_image()  # error: id is required
api.get_image_list()  # error: id is required
api.license_images()  # error: the body is required
api.license_images(image)  # error: a list is wanted, or the body
api.license_images([Url()])  # error: nothing that is licensed
api.license_images({"imags": []})  # error: misspelt key
api.license_images({"images": [{"image_id": "1", "sise": "huge"}]})  # error: misspelt key of an entry
api.license_images({"images": [{"image_id": 1}]})  # error: an ID is text
api.license_images([17])  # error: an ID is text
api.license_images(Url())  # error: another model
api.license_images({"17": 1})  # error: a dict is no list
api.license_images(ApiClient().videos.search_videos())  # error: videos are no images
api.bulk_search_images(SearchImage())  # error: a list is wanted
api.bulk_search_images(["cat"])  # error: a list of searches is wanted
api.create_lightbox(["Cats"])  # error: a list is no name
api.add_lightbox_items("1", [2])  # error: an ID is text
wished: LicenseImageDict = {"image_di": "1"}  # error: misspelt key

api.get_image("1", _request_timeout="5")  # error: text is no time
api.get_image("1", _request_timeout=(1, 2, 3))  # error: two numbers at most
api.get_image("1", _retries=1.5)  # error: a whole number
api.get_image("1", _timeout=5)  # error: misspelt option
api.get_image("1", _headers=["X-Trace"])  # error: a mapping is wanted

api.get_image("1", _preload_content="no")  # error: text is no boolean
api.get_image("1", _return_http_data_only=0)  # error: a number is no boolean
api.get_image("1", async_req="yes")  # error: text is no boolean
api.get_image("1", _deadline="5")  # error: text is no time
api.get_image("1", async_req=True).get()  # error: the type is that of the plain call

in_background(api.get_image)("1", veiw="full")  # error: misspelt argument
in_background(api.get_image)("1").result().dta  # error: misspelt attribute of the image
with_raw_response(api.get_image)("1").dta  # error: misspelt attribute
ApiClient().request("GET", "/v2/images/1", returns=Image).dta  # error: misspelt attribute

paginate(api.search_images, qery="cat")  # error: misspelt parameter
paginate(api.search_images, query="cat", limt=5)  # error: misspelt argument
paginate(api.search_images, limit="5")  # error: text is no number
paginate(api.search_images, prefetch="yes")  # error: text is no number
paginate(api.search_images, safe="yes")  # error: text is no boolean
paginate(api.get_lightbox_items)  # error: id is required
paginate(api.get_image, "1")  # error: a single image
api.get_image("1").to_pandas()  # error: a single image is no table
paginate(api.search_images())  # error: called already
for item in paginate(api.search_images):
    print(item.nme)  # error: misspelt attribute
for answer in paginate(api.search_images).pages():
    print(answer.id)  # error: a page is no image
number: list[int] = list(paginate(api.search_images))  # error: images are no numbers
get_many(api, [465011609])  # error: an ID is text
get_many(api, ["1"], veiw="full")  # error: misspelt argument
get_many(api, ["1"]).image  # error: misspelt attribute
get_many(api.get_image_list, ["1"], veiw="full")  # error: misspelt argument
get_many(api.get_image_list, ["1"]).items[0].nme  # error: misspelt attribute
get_many(api.search_images, ["1"])  # error: a search takes no ids

LicenseImage(image_di="1")  # error: misspelt field
LicenseImage(image_id=1)  # error: an ID is text
LicenseImage("1")  # error: fields go by name
LicenseImage(metadata="job")  # error: text is no metadata
LicenseImageRequest(images=image)  # error: a list is wanted
image.sise = "huge"  # error: misspelt field
image.size = 5  # error: a size is text
print(image.sise)  # error: misspelt field

identifier: int = image.image_id  # error: text or None
for found in api.search_images().data:  # error: may be None
    print(found)
with_http_info(api.get_image)("1", veiw="full")  # error: misspelt parameter
with_http_info(api.get_image)("1").dta  # error: misspelt attribute
ApiClient(configuraton=None)  # error: misspelt argument
ApiClient(acces_token="v2/...")  # error: misspelt setting
ApiClient("v2/...")  # error: a token is no configuration
ApiClient().with_options(timout=5)  # error: misspelt option
ApiClient().image  # error: misspelt API
ApiClient().images.get_imag("1")  # error: misspelt method
for one in api.search_images():
    print(one.nme)  # error: misspelt attribute of an item

Configuration(access_token=5)  # error: a number is no token
Configuration(access_token=lambda: 5)  # error: a function returns text
Configuration(timeout="5")  # error: text is no time
Configuration(license_marker=True)  # error: the name of a key is wanted
OAuth("key").exchange()  # error: the answer is required
OAuth("key").login(5)  # error: a number is no scope
OAuth("key").authorize_url("https://app.example").sate  # error: misspelt attribute
Token()  # error: the token is required
Token("v2/...", "tomorrow")  # error: text is no time
Token("v2/...").expires_at.year  # error: may be None
TokenFile()  # error: the path is required
RefreshingToken(None, 5)  # error: a number is no Token
OauthApi().authorize("key")  # error: three arguments more are required
ApiClient().rate_limit.remaining  # error: may be None
LicenseImageResultDataList().licenced  # error: misspelt property
LicenseImageResultDataList(licensed=[])  # error: a property is no field

api.search_images(sort=5)  # error: a value of an enum is text
api.search_images(library=[None])  # error: a value of an enum is text
api.license_images({}, size=["huge"])  # error: one size
api.create_lightbox("Cats").id  # error: there may be no answer
api.delete_lightbox("1").id  # error: nothing comes back
identified: str = api.get_image("1").id  # error: text or None
print(api.get_image("1").assets.preview)  # error: may be None
Image(added_date=20260131)  # error: a number is no date
Image.from_json({"id": "1"})  # error: JSON is text
Image.from_dict("1")  # error: a mapping is wanted

try:
    api.get_image("1")
except ApiException as problem:
    print(problem.status + 1)  # error: may be None
    print(problem.code)  # error: misspelt attribute
    print(problem.body.lower())  # error: may be None

Configuration(on_response="print")  # error: text is no function
Configuration(on_retry=lambda: None)  # error: the function gets a RetryEvent

job = LicenseJob(api, "job.db")
LicenseJob(api)  # error: the ledger is required
LicenseJob(api, "job.db", sise="huge")  # error: misspelt argument
job.add(5)  # error: a number is no image
job.run(worker=4)  # error: misspelt argument
job.run(max_charge="5")  # error: text is no number
job.run(progress=5)  # error: a number is no function
job.run().licenced  # error: misspelt property
job.status().failed[0].eror  # error: misspelt field
JobImage()  # error: fields are required

download("i1")  # error: the destination is required
download(1, "pictures")  # error: a number is no source
download("i1", "pictures", api=5)  # error: a number is no API
download("i1", "pictures", progress=lambda: None)  # error: the function gets a Progress
download("i1", "pictures", over_write=True)  # error: misspelt argument
download("i1", "pictures", kind=5)  # error: a kind is text
download(Licence, "pictures").medium.name  # error: a text
download_many("i1", 5)  # error: a number is no folder
download_many([Licence("i1")], "pictures", workers="8")  # error: text is no number
download_many([Licence(1)], "pictures")  # error: an ID is text
download_many([], "pictures").failed.error  # error: a list

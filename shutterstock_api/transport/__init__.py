"""HTTP: the only room that imports urllib3, certifi and ssl.

* `service`: one request to the service, one answer
* `route`: from settings to connections: proxies, hosts
* `tls`: whom connections trust
* `pools`: connections that note what leaves and stop when time is up
* `interruption`: another thread ends what this one does on the wire
* `errors`: from urllib3's errors to ours
* `head`, `body`: the head of an answer; its body, unpacked and bounded
* `file_host`, `file_response`: hosts of files, and what they answer
"""

"""HTTP: the only room that imports urllib3, certifi and ssl.

* `service`: one request to the service, one answer
* `route`: turns settings into connections: proxies, hosts
* `tls`: which certificates connections trust
* `pools`: connections that note what was sent and stop when the time is up
* `interruption`: lets another thread end a request
* `errors`: turns urllib3's errors into ours
* `head`, `body`: the head of an answer; its body, unpacked and limited in size
* `file_host`, `file_response`: file hosts and their answers
"""

"""Look-ups and searches of media.

`items`      what is the same for all media that are looked up and searched
`images`     what images have besides: bulk searches, recommendations, keywords, uploads
`audio`      the lists by which music is sorted
`editorial`  editorial images and videos
`uploads`    uploaded pictures, and what resembles them
"""

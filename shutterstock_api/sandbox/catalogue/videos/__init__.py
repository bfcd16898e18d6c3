"""Videos: what each shows, how they are found, how they play.

`clips`   what is known about each video, and how they are searched
`views`   how videos look in an answer
`films`   their files: previews and what is licensed
`h264`    pictures that move, as H.264
`mp4`     MP4 and QuickTime files around them
`webm`    WebM files, of the frames of WebP pictures
`stock`   videos as something to look up and license
"""

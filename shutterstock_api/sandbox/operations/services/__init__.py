"""Operations that do not belong to a medium.

`users`            the user, the token, the subscriptions
`contributors`     contributors and the sets that they show
`catalog`          the account's own catalog, shared with others
`computer_vision`  pictures are uploaded, described and compared
`custom_music`     music is made to order; `renders` tells how far it is
`trials`           the connection is tried
"""

help-all = <b>What I can do</b>
    Write in one line what you need, for example <i>requests for middle react from 2000, without wordpress</i>, and I will propose a subscription. When something fits, I send a card: who is needed, the rate, where and when it appeared.

    /subscriptions — your subscriptions: change, pause, delete, choose how you are notified
    /subscribe — a new subscription in one line
    /settings — language, time zone, quiet hours, e-mail
help-manager = <b>On a card</b>
    <b>Take</b>: the request becomes your lead, and colleagues see it. <b>Not relevant</b>: out of sight. <b>Fix labels</b>: if I was wrong; the model learns from it. <b>Why?</b>: which words decided.

    /review — posts I am not sure of: please help to sort them
help-admin = <b>For administrators</b>
    /team — invite or remove people
    /sources — what I read; add a channel
help-operator = <b>For operators</b>
    /models: the versions of the model, how well they learned, change them or go back
help-end = ❔ on a card means that I am not sure. If something goes wrong, tell your administrator the number in the message.

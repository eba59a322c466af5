// SPDX-License-Identifier: GPL-3.0-or-later
// What came in and did not count, and the events as they arrive.
export default {
    'sentence.quoted': 'The database says: “{detail}”',

    'refusals.title': 'Refused and left out',
    'refusals.text':
        'What did not count, by reason and event. A red mark in the navigation says that something came to this list within the last 24 hours since you last opened this page; test visitors, staff and bots, which are left out on purpose, set no mark.',
    'refusals.none': 'Nothing was refused or left out in these days.',
    'refusals.reason': 'Why',
    'refusals.event': 'Event',
    'refusals.unnamed': 'no name, or other names',
    'refusals.count': 'Events',
    'refusals.last': 'Last',
    'refusals.samples': 'Last ones',
    'refusals.samples.show': 'Show',
    'refusals.samples.live': 'See live',
    'refusals.mark': {
        one: '{count} new reason why events do not count',
        other: '{count} new reasons why events do not count',
    },
    'refusals.reason.invalid': 'A field is wrong',
    'refusals.why.invalid': 'Not stored: the last ones say which field, and what it should be.',
    'refusals.reason.junk_id': 'Nobody’s visitor id',
    'refusals.why.junk_id':
        'Not stored: where the id should be stands a word such as “undefined”. Send it once the id is known.',
    'refusals.reason.too_late': 'Too late',
    'refusals.why.too_late': 'Not stored: it is more than seven days old. Older ones take a key of scope backfill.',
    'refusals.reason.wrong_clock': 'Impossible time',
    'refusals.why.wrong_clock':
        'Not stored: its time lies in the future, or far from the time inside its id. Look at the sender’s clock.',
    'refusals.reason.unknown_campaign': 'Unknown campaign',
    'refusals.why.unknown_campaign': 'Not stored: the exposure names a campaign, phase or variant that is not there.',
    'refusals.reason.not_allotted': 'Not this visitor’s',
    'refusals.why.not_allotted': 'Not stored: the exposure names a variant that the visitor does not get.',
    'refusals.reason.server_only': 'Servers only',
    'refusals.why.server_only':
        'Not stored: it came with the public key, but only a server may send it, with a secret key.',
    'refusals.reason.refused': 'Refused by the database',
    'refusals.why.refused': 'Not stored: the last ones say by which rule.',
    'refusals.reason.unreadable': 'Unreadable request',
    'refusals.why.unreadable':
        'Not stored: a whole request of events that cannot be read, counted once. The last ones say what is wrong with it.',
    'refusals.reason.origin': 'Page not allowed',
    'refusals.why.origin':
        'Not stored: a whole request of a page whose address is not among the origins of this environment, counted once. Add it there if the page is yours.',
    'refusals.reason.too_large': 'Request too large',
    'refusals.why.too_large':
        'Not stored: the body of a whole request is larger than the server reads. Send fewer events at once.',
    'refusals.reason.media_type': 'Not JSON',
    'refusals.why.media_type': 'Not stored: a whole request says that it is neither application/json nor text/plain.',
    'refusals.reason.address_limit': 'Too many requests',
    'refusals.why.address_limit':
        'Not stored for the moment: one address asked too often, and is to send again. Behind a proxy, name it in trusted_proxies.',
    'refusals.reason.key_limit': 'Too many requests of a key',
    'refusals.why.key_limit':
        'Not stored for the moment: more requests a second than this key has, and they are to be sent again.',
    'refusals.reason.quota': 'Quota of the day used up',
    'refusals.why.quota':
        'Not stored until midnight UTC: the key has sent its events of the day. The setting key_events_per_day bounds them.',
    'refusals.reason.busy': 'Too much at once',
    'refusals.why.busy':
        'Not stored for the moment: too many events were waiting. Senders send them again; if it lasts, more edges or a faster database are needed.',
    'refusals.reason.unavailable': 'No place to store',
    'refusals.why.unavailable':
        'Not stored for the moment: neither the database nor the spool took it. Senders send it again.',
    'refusals.reason.no_rate': 'No rate',
    'refusals.why.no_rate':
        'Stored and counted, but without its money: it is in another currency than {currency}, and there is no rate for its day. Put one in under Currencies: it mends what came before.',
    'refusals.reason.bot': 'Bot',
    'refusals.why.bot': 'Stored, but left out of results: a program did it.',
    'refusals.reason.staff': 'Staff',
    'refusals.why.staff': 'Stored, but left out of results: one’s own people did it.',
    'refusals.reason.forced': 'Forced variant',
    'refusals.why.forced': 'Stored, but left out of results: the variant was forced, for testing.',
    'refusals.reason.duplicate_order': 'Order came before',
    'refusals.why.duplicate_order': 'Stored, but an order counts once: this transaction_id was there already.',
    'refusals.reason.unassigned': 'No such variant',
    'refusals.why.unassigned':
        'Stored, but no result counts it: there never was a campaign, phase and variant of these names.',

    'live.text':
        'What came in the last hour, the last first, up to 100 events; it is looked at again every two seconds. Each line says what the event did to results. Where very much comes, give a visitor’s id: then nothing of this visitor is hidden by others.',
    'live.visitor': 'Visitor id',
    'live.name': 'Event',
    'live.uncounted': 'Only what does not count',
    'live.show': 'Show',
    'live.list': 'Events',
    'live.empty': 'Nothing came in the last hour',
    'live.empty.text':
        'As soon as an event arrives, it stands here. Events of another environment do not: see the switch at the top.',
    'live.empty.filtered': 'Nothing of this kind came in the last hour. Take a filter away to see more.',
    'live.refused': 'refused',
    'live.timeline': 'All of this visitor',

    'effect.metrics': '{what}: {metrics}',
    'effect.what.counted': 'counts',
    'effect.what.exposed': 'begins to count its visitor',
    'effect.what.known': 'seen before: nothing changes',
    'effect.what.crossover': 'another variant than the first: the visitor stays with the first',
    'effect.what.before_exposure': 'does not count: it was before the visitor saw the campaign',
    'effect.what.after_phase': 'does not count: the phase was over',
    'effect.what.overflow': 'does not count: the visitor has more events than a person',
    'effect.what.duplicate_order': 'does not count: the order was there before',
    'effect.what.no_metric': 'no metric of the campaign is made of such events',
    'effect.what.after_window': 'does not count: outside the window after the exposure',
    'effect.what.filtered': 'does not count: the metric’s filter takes others',
    'effect.what.no_amount': 'counts as nothing: what stands for the amount is none',
    'effect.what.no_rate': 'counts without its money: there is no rate of its currency',
    'effect.unrated': 'its money does not count: there is no rate of {currency} for that day',
    'effect.why.pending': 'just came: results read it in a moment',
    'effect.why.bot': 'left out of results: a bot',
    'effect.why.staff': 'left out of results: staff',
    'effect.why.forced': 'left out of results: a forced variant',
    'effect.why.excluded': 'left out of results: its visitor was taken out',
    'effect.why.unassigned': 'does not count: there never was such a campaign, phase and variant',
    'effect.why.after_phase': 'does not count: the phase was over',
    'effect.why.not_exposed': 'counts for no campaign: the visitor has met none',
} as const;

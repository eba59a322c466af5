// SPDX-License-Identifier: GPL-3.0-or-later
// What came in and did not count, and the events as they arrive.
export default {
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
    'refusals.reason.foreign_currency': 'Other currency',
    'refusals.why.foreign_currency':
        'Not stored: the amounts are not in this environment’s currency, {currency}, and there is no rate for them. Send amounts in {currency}.',
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
} as const;

// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'quality.period': 'Days shown',
    'quality.days': { one: '{count} day', other: '{count} days' },
    'quality.empty': 'No event in these days',
    'quality.empty.text':
        'As soon as a site sends events, they are counted here by name: how many a day, and whether they carry what metrics need.',
    'quality.names': 'Names',
    'quality.byName': 'Events by name',
    'quality.byName.text': 'Days are those of UTC. Each row’s bars have a scale of their own.',
    'quality.name': 'Name',
    'quality.other': 'other',
    'quality.other.text':
        '“other” are the events of names for which there is no room. So many names are mostly a site that writes changing words into them.',
    'quality.course': 'By day',
    'quality.course.label': '{name}: most on {day} ({most}), {today} today',
    'quality.events': 'Events',
    'quality.perDay': 'A day',
    'quality.value': 'With value',
    'quality.currency': 'With currency',
    'quality.unassigned': 'Without decision',
    'quality.unassigned.text': {
        one: '{count} exposure names a campaign or variant that never was: no result counts it.',
        other: '{count} exposures name a campaign or variant that never was: no result counts them.',
    },
    'quality.last': 'Last seen',
} as const;

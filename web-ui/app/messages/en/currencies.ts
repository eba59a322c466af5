// SPDX-License-Identifier: GPL-3.0-or-later
// Rates of currencies.
export default {
    'currencies.text':
        'Money in another currency than {currency} is converted at the rate of its UTC day: the newest one that is at most {days} days old. Without a rate an order counts, but its money does not, until there is one: a rate put in later mends what came before.',
    'currencies.list': 'Currencies',
    'currencies.currency': 'Currency',
    'currencies.newest': 'Newest rate',
    'currencies.last': 'Last day',
    'currencies.first': 'First day',
    'currencies.days': 'Days',
    'currencies.visitors': 'Visitors who named it, 28 days',
    'currencies.none': 'no rate',
    'currencies.old': 'too old for today',
    'currencies.missing':
        'Visitors paid in currencies without a rate of these days: {currencies}. Their orders count, their money does not.',
    'currencies.converting': 'Rates have changed: results are being worked out anew.',
    'currencies.empty': 'No rates, and nobody needs any',
    'currencies.empty.text': 'So far all money came in {currency}.',
    'currencies.file': 'Rates from a file',
    'currencies.file.text':
        'The euro reference rates of the European Central Bank as they are (eurofxref, as CSV or XML, of a day or of all history), or CSV with the columns day, currency and rate.',
    'currencies.file.choose': 'File',
    'currencies.done': {
        one: '{count} rate was read; new or changed: {changed}.',
        other: '{count} rates were read; new or changed: {changed}.',
    },
    'currencies.unknown': {
        one: '{count} was left out: its currency is not in use.',
        other: '{count} were left out: their currencies are not in use.',
    },
    'currencies.unused': {
        one: '{count} was left out: its day has no rate of your currency.',
        other: '{count} were left out: their days have no rate of your currency.',
    },
    'currencies.one': 'One rate',
    'currencies.day': 'Day (UTC)',
    'currencies.rate': 'One {currency} is worth',
    'currencies.rate.hint': 'So many of the other currency for one {currency}.',
    'currencies.put': 'Put it in',
    'currencies.delete': 'Delete the rates of {currency}?',
    'currencies.delete.text':
        'Money in it does not count any more, in past orders either, until there are rates again.',
} as const;

// SPDX-License-Identifier: GPL-3.0-or-later
// What an edge must refuse, as data: [name, bytes] for bodies that are no JSON, and single events and
// questions with the field that is at fault.
import { uuidv7 } from './harness.mjs';

const DAY_MS = 86_400_000;
const bytes = (text) => Buffer.from(text, 'latin1');
const nested = (depth) => '['.repeat(depth) + ']'.repeat(depth);

/* Refused whatever was asked: {"visitor_id":"v", … broken */
export const BROKEN_JSON = [
    ['nothing', ''],
    ['white space', ' \n'],
    ['a word', 'visitor'],
    ['an open object', '{"visitor_id":"v"'],
    ['an open string', '{"visitor_id":"v'],
    ['an open array', '{"visitor_id":"v","campaigns":["a"'],
    ['a closing bracket too many', '{"visitor_id":"v"}}'],
    ['the wrong closing bracket', '{"visitor_id":"v"]'],
    ['two values', '{"visitor_id":"v"}{"visitor_id":"w"}'],
    ['a comma at the end', '{"visitor_id":"v",}'],
    ['a comma at the beginning', '{,"visitor_id":"v"}'],
    ['two commas', '{"visitor_id":"v",,"a":1}'],
    ['no colon', '{"visitor_id" "v"}'],
    ['two colons', '{"visitor_id"::"v"}'],
    ['a key without quotes', '{visitor_id:"v"}'],
    ['a number as key', '{1:"v"}'],
    ['single quotes', "{'visitor_id':'v'}"],
    ['a comment', '{"visitor_id":"v"/* hello */}'],
    ['a word that is no value', '{"visitor_id":"v","a":undefined}'],
    ['NaN', '{"visitor_id":"v","a":NaN}'],
    ['Infinity', '{"visitor_id":"v","a":-Infinity}'],
    ['a capital word', '{"visitor_id":"v","a":True}'],
    ['a leading zero', '{"visitor_id":"v","a":01}'],
    ['a leading plus', '{"visitor_id":"v","a":+1}'],
    ['a lone minus', '{"visitor_id":"v","a":-}'],
    ['a point without digits', '{"visitor_id":"v","a":1.}'],
    ['a point at the beginning', '{"visitor_id":"v","a":.5}'],
    ['a hexadecimal number', '{"visitor_id":"v","a":0x10}'],
    ['an open exponent', '{"visitor_id":"v","a":1e}'],
    ['a key twice', '{"visitor_id":"v","visitor_id":"w"}'],
    ['a key twice, once escaped', '{"visitor_id":"v","visitor\\u005fid":"w"}'],
    ['a key twice, deep inside', '{"visitor_id":"v","a":{"b":[{"c":1,"c":2}]}}'],
    ['a NUL as it is', '{"visitor_id":"v\0"}'],
    ['a NUL behind the value', '{"visitor_id":"v"}\0'],
    ['a NUL escaped', '{"visitor_id":"v\\u0000"}'],
    ['a NUL escaped in a key', '{"visitor_id":"v","a\\u0000b":1}'],
    ['a control character', '{"visitor_id":"v\x01"}'],
    ['a line break in a string', '{"visitor_id":"v\n"}'],
    ['an unknown escape', '{"visitor_id":"v\\x41"}'],
    ['a short escape', '{"visitor_id":"v\\u12"}'],
    ['an escape that is no number', '{"visitor_id":"v\\u12zz"}'],
    ['a byte that is no UTF-8', bytes('{"visitor_id":"v\xff"}')],
    ['a character cut short', bytes('{"visitor_id":"v\xe2\x82"}')],
    ['a character in too many bytes', bytes('{"visitor_id":"v\xc0\xaf"}')],
    ['a surrogate in UTF-8', bytes('{"visitor_id":"v\xed\xa0\x80"}')],
    ['a character beyond Unicode', bytes('{"visitor_id":"v\xf4\x90\x80\x80"}')],
    ['a byte order mark', bytes('\xef\xbb\xbf{"visitor_id":"v"}')],
    ['UTF-16', Buffer.from('{"visitor_id":"v"}', 'utf16le')],
    ['compressed bytes', bytes('\x1f\x8b\x08\x00\x00\x00\x00\x00')],
    ['a form', 'visitor_id=v&name=page_view'],
];

/* 413: parts are too many or too deep. */
export const LARGE_JSON = [
    ['arrays too deep', `{"visitor_id":"v","attributes":{"a":${nested(15)}}}`],
    ['arrays without end', '['.repeat(10_000)],
    ['objects without end', '{"a":'.repeat(10_000)],
];

/* Questions: [name, body, pointer]. */
export const BAD_QUESTIONS = [
    ['an array', [], ''],
    ['a string', '"v"', ''],
    ['a number', '5', ''],
    ['null', 'null', ''],
    ['no visitor', {}, '/visitor_id'],
    ['a visitor of another case', { Visitor_id: 'v' }, '/visitor_id'],
    ['a fraction as visitor', { visitor_id: 5.5 }, '/visitor_id'],
    ['null as visitor', { visitor_id: null }, '/visitor_id'],
    ['an object as visitor', { visitor_id: {} }, '/visitor_id'],
    ['an empty visitor', { visitor_id: '' }, '/visitor_id'],
    ['a visitor of 257 bytes', { visitor_id: 'v'.repeat(257) }, '/visitor_id'],
    ['a visitor of 129 letters in 258 bytes', { visitor_id: 'é'.repeat(129) }, '/visitor_id'],
    ['a tab in the visitor', { visitor_id: 'a\tb' }, '/visitor_id'],
    ['DEL in the visitor', { visitor_id: 'a\u007f' }, '/visitor_id'],
    ['a C1 control in the visitor', { visitor_id: 'a\u0085' }, '/visitor_id'],
    ['a lone high surrogate in the visitor', '{"visitor_id":"a\\ud800"}', '/visitor_id'],
    ['a lone low surrogate in the visitor', '{"visitor_id":"\\udc00a"}', '/visitor_id'],
    ['surrogates the wrong way round', '{"visitor_id":"\\udc00\\ud800"}', '/visitor_id'],
    ['attributes as array', { visitor_id: 'v', attributes: [] }, '/attributes'],
    ['attributes as string', { visitor_id: 'v', attributes: 'a' }, '/attributes'],
    ['campaigns as string', { visitor_id: 'v', campaigns: 'a' }, '/campaigns'],
    ['campaigns as object', { visitor_id: 'v', campaigns: {} }, '/campaigns'],
    ['a number among the campaigns', { visitor_id: 'v', campaigns: ['a', 5] }, '/campaigns/1'],
    ['null among the campaigns', { visitor_id: 'v', campaigns: [null] }, '/campaigns/0'],
    ['a number beyond a double', '{"visitor_id":"v","a":1e400}', ''],
    ['too many campaigns', { visitor_id: 'v', campaigns: Array(1001).fill('a') }, '/campaigns'],
];

/* Bodies of events that are wrong as a whole: [name, status, body, pointer]. */
export const BAD_ENVELOPES = [
    ['a string', 400, '"events"', ''],
    ['a number', 400, '5', ''],
    ['null', 400, 'null', ''],
    ['true', 400, 'true', ''],
    ['events as object', 400, { events: {} }, '/events'],
    ['events as string', 400, { events: 'all' }, '/events'],
    ['a number as sent_at', 400, { events: [], sent_at: 1 }, '/sent_at'],
    ['a word as sent_at', 400, { events: [], sent_at: 'now' }, '/sent_at'],
    ['a day that is none as sent_at', 400, { events: [], sent_at: '2026-02-30T00:00:00Z' }, '/sent_at'],
    ['501 events', 413, { events: Array(501).fill({}) }, '/events'],
    ['501 events in an array', 413, Array(501).fill({}), undefined],
    ['too many values', 413, `[${'0,'.repeat(120_000)}0]`, undefined],
];

const event = (change) => ({ event_id: uuidv7(), visitor_id: 'bad', name: 'page_view', properties: {}, ...change });
const bought = (properties) => event({ name: 'purchase', properties });
const seen = (properties) => event({ name: 'exposure', properties: { campaign: 'bad', variant: 'a', ...properties } });
const at = (ms) => new Date(ms).toISOString();

/* Events that are rejected alone: [name, event, pointer]; 'bad' is a running campaign of a and b. */
export const BAD_EVENTS = [
    ['a string', 'page_view', ''],
    ['null', null, ''],
    ['an array', [], ''],
    ['nothing in it', {}, '/visitor_id'],
    ['no visitor', event({ visitor_id: undefined }), '/visitor_id'],
    ['a fraction as visitor', event({ visitor_id: 7.5 }), '/visitor_id'],
    ['an empty visitor', event({ visitor_id: '' }), '/visitor_id'],
    ['a visitor of 257 bytes', event({ visitor_id: 'v'.repeat(257) }), '/visitor_id'],
    ['a line break in the visitor', event({ visitor_id: 'a\nb' }), '/visitor_id'],
    ['no name', event({ name: undefined }), '/name'],
    ['an empty name', event({ name: '' }), '/name'],
    ['a name of 65 bytes', event({ name: 'n'.repeat(65) }), '/name'],
    ['a list as name', event({ name: ['page_view'] }), '/name'],
    ['a control character in the name', event({ name: 'page\u0007' }), '/name'],
    ['a number as id', event({ event_id: 1 }), '/event_id'],
    ['a word as id', event({ event_id: 'first' }), '/event_id'],
    ['an id with a letter beyond f', event({ event_id: uuidv7().replace(/.$/, 'g') }), '/event_id'],
    ['an id of one digit less', event({ event_id: uuidv7().replaceAll('-', '').slice(1) }), '/event_id'],
    ['an id in braces', event({ event_id: `{${uuidv7()}}` }), '/event_id'],
    [
        'an id of version 5, which can be guessed',
        event({ event_id: '6f1b0c1e-52f0-5f4e-9a3b-1d5f5c1f7a11' }),
        '/event_id',
    ],
    ['an id of zeros', event({ event_id: '00000000-0000-0000-0000-000000000000' }), '/event_id'],
    ['an id of nine days ago', event({ event_id: uuidv7(Date.now() - 9 * DAY_MS) }), '/event_id'],
    ['an id of 1970', event({ event_id: uuidv7(0) }), '/event_id'],
    ['an id of three days ahead', event({ event_id: uuidv7(Date.now() + 3 * DAY_MS) }), '/event_id'],
    ['the last id there can be', event({ event_id: 'ffffffff-ffff-7fff-bfff-ffffffffffff' }), '/event_id'],
    ['a small number as ts', event({ ts: 17 }), '/ts'],
    ['a word as ts', event({ ts: 'yesterday' }), '/ts'],
    ['a ts without zone', event({ ts: '2026-01-01T00:00:00' }), '/ts'],
    ['an hour that is none', event({ ts: '2026-01-01T25:00:00Z' }), '/ts'],
    ['a month that is none', event({ ts: '2026-13-01T00:00:00Z' }), '/ts'],
    ['a ts three days before its id', event({ ts: at(Date.now() - 3 * DAY_MS) }), '/ts'],
    ['a ts three days after its id', event({ ts: at(Date.now() + 3 * DAY_MS) }), '/ts'],
    ['properties as list', event({ properties: [] }), '/properties'],
    ['properties as string', event({ properties: '{}' }), '/properties'],
    ['properties of 70,000 bytes', event({ properties: { text: 'x'.repeat(70_000) } }), '/properties'],
    ['text as value', bought({ value: '10 EUR' }), '/properties/value'],
    ['a value beyond 1e12', bought({ value: 1e13 }), '/properties/value'],
    ['a refund', event({ name: 'refund', properties: { value: 1 } }), '/name'],
    ['a price below zero', bought({ items: [{ price: -1 }] }), '/properties/items/0/price'],
    ['a negative purchase', bought({ value: -0.01 }), '/properties/value'],
    ['text as tax', bought({ tax: '1,9' }), '/properties/tax'],
    ['a list as shipping', bought({ shipping: [4.9] }), '/properties/shipping'],
    ['text as quantity', bought({ items: [{ quantity: 'seven' }] }), '/properties/items/0/quantity'],
    ['a negative quantity', bought({ items: [{}, { quantity: -1 }] }), '/properties/items/1/quantity'],
    ['text as price', bought({ items: [{ price: '9,99' }] }), '/properties/items/0/price'],
    ['a currency of two letters', bought({ value: 1, currency: 'US' }), '/properties/currency'],
    ['a currency by its name', bought({ value: 1, currency: 'dollar' }), '/properties/currency'],
    ['a currency of four letters', bought({ value: 1, currency: 'EURO' }), '/properties/currency'],
    ['a number as currency', bought({ value: 1, currency: 978 }), '/properties/currency'],
    ['an object as transaction', bought({ transaction_id: {} }), '/properties/transaction_id'],
    ['half a number as transaction', bought({ transaction_id: 1.5 }), '/properties/transaction_id'],
    ['items as object', bought({ items: {} }), '/properties/items'],
    ['a word among the items', bought({ items: [{}, 'shoe'] }), '/properties/items/1'],
    ['an exposure to nothing', event({ name: 'exposure' }), '/properties/campaign'],
    ['an exposure to a number', seen({ campaign: 1 }), '/properties/campaign'],
    ['an exposure to an unknown campaign', seen({ campaign: 'nobody' }), '/properties/campaign'],
    ['an exposure without variant', seen({ variant: undefined }), '/properties/variant'],
    ['an exposure to an unknown variant', seen({ variant: 'z' }), '/properties/variant'],
    ['an exposure in phase 0', seen({ phase: 0 }), '/properties/phase'],
    ['an exposure in half a phase', seen({ phase: 1.5 }), '/properties/phase'],
    ['an exposure in a phase as text', seen({ phase: 'one' }), '/properties/phase'],
];

/* As text: a lone surrogate cannot pass through JSON.stringify. */
export const SURROGATES = [
    ['in the visitor', 'visitor_id', '/visitor_id'],
    ['in the name', 'name', '/name'],
].map(([name, field, pointer]) => [
    name,
    JSON.stringify(event({ [field]: 'a?b' })).replace('a?b', 'a\\udfffb'),
    pointer,
]);

// SPDX-License-Identifier: GPL-3.0-or-later
// What the server says of signing in.
import type { Sentences } from '../../message';

export default {
    'second factors are not set up here: the server needs a sealing_key':
        'Zweite Faktoren sind hier nicht eingerichtet: der Server braucht einen sealing_key',
    'set a password first': 'Bitte zuerst ein Passwort setzen',
    'the code of the second factor is needed': 'Der Code des zweiten Faktors ist nötig',
    'the sealing_key has changed: begin again': 'Der sealing_key hat sich geändert: bitte von vorn beginnen',
    'the second factor cannot be read: sealing_key is not what sealed it; a recovery code still holds':
        'Der zweite Faktor ist nicht lesbar: der sealing_key ist ein anderer geworden; ein Notfallcode gilt weiterhin',
    'there is a second factor: remove it first': 'Es gibt einen zweiten Faktor: bitte zuerst entfernen',
    'there is no second factor': 'Es gibt keinen zweiten Faktor',
    'there is no second factor that waits for its code': 'Kein zweiter Faktor wartet auf seinen Code',
    'this code was used already: wait for the next one': 'Dieser Code ist verbraucht: bitte auf den nächsten warten',
    'this is not the code of the second factor': 'Das ist nicht der Code des zweiten Faktors',
    'this is not the code that the app shows now': 'Das ist nicht der Code, den die App gerade zeigt',
    'too many wrong codes: none holds for some minutes, but a recovery code does':
        'Zu viele falsche Codes: einige Minuten lang gilt keiner, aber ein Notfallcode gilt',
} satisfies Partial<Sentences>;

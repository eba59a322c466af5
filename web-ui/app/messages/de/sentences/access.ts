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
    'too many wrong codes: begin again': 'Zu viele falsche Codes: bitte von vorn beginnen',
    'too many wrong codes: none holds for some minutes, but a recovery code does':
        'Zu viele falsche Codes: einige Minuten lang gilt keiner, aber ein Notfallcode gilt',
    'ID token: no key of the provider is its own': 'ID-Token: kein Schlüssel des Anbieters passt dazu',
    'ID token: {text1}': 'ID-Token: {said1}',
    'another issuer made it': 'ein anderer Aussteller hat es gemacht',
    "expected 'value=role' with commas between; roles are viewer, editor, publisher and admin":
        'Erwartet wird „Wert=Rolle“, durch Kommas getrennt; Rollen sind viewer, editor, publisher und admin',
    'it belongs to another sign-in': 'es gehört zu einer anderen Anmeldung',
    'it has ended': 'es ist abgelaufen',
    'it is for another client': 'es ist für einen anderen Client',
    'it is none': 'es ist keines',
    'it is signed neither by RS256 nor by ES256': 'es ist weder mit RS256 noch mit ES256 signiert',
    'it names nobody': 'es nennt niemanden',
    'it was made in the future': 'es stammt aus der Zukunft',
    'the provider gave no ID token': 'Der Anbieter gab kein ID-Token',
    'the provider has not verified the e-mail address': 'Der Anbieter hat die E-Mail-Adresse nicht bestätigt',
    "the provider's description has no {text1} that can be used":
        'Die Beschreibung des Anbieters hat kein brauchbares {text1}',
    'the signature is wrong': 'die Signatur ist falsch',
    'there is no e-mail address': 'Es gibt keine E-Mail-Adresse',
    'there is no environment yet, or none is open to you: mete init makes one':
        'Es gibt noch keine Umgebung, oder keine steht Ihnen offen: mete init legt eine an',
    'this environment is not open to you': 'Diese Umgebung steht Ihnen nicht offen',
    'userinfo is about somebody else': 'userinfo handelt von jemand anderem',
    "{text1} describes another issuer: '{text2}'": '{text1} beschreibt einen anderen Aussteller: „{text2}“',
    '{text1} holds no keys': '{text1} enthält keine Schlüssel',
    '{text1}: status {number2} without a JSON object': '{text1}: Status {number2} ohne JSON-Objekt',
    '{text1}: status {number2}, {text3}': '{text1}: Status {number2}, {text3}',
    '{text1}: status {number2}': '{text1}: Status {number2}',
} satisfies Partial<Sentences>;

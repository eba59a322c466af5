// SPDX-License-Identifier: GPL-3.0-or-later
// What the server says, in German: by its English sentence. A hole may be said as it is ({text1}, {number1}), as a
// sentence of its own ({said1}), or as a word of one of the tables here ({role1}).
import access from './sentences/access';
import campaigns from './sentences/campaigns';
import conditions from './sentences/conditions';
import events from './sentences/events';
import money from './sentences/money';
import requests from './sentences/requests';
import type { Sentences } from '../message';

export const sentences: Sentences = {
    ...access,
    ...campaigns,
    ...conditions,
    ...events,
    ...money,
    ...requests,
};

export const words: Record<string, Record<string, string>> = {
    json: {
        array: 'eine Liste',
        boolean: 'wahr oder falsch',
        integer: 'eine ganze Zahl',
        null: 'null',
        number: 'eine Zahl',
        object: 'ein Objekt',
        string: 'ein Text',
    },
    kind: { conversion: 'Konversion', count: 'Anzahl', sum: 'Summe', mean: 'Mittelwert', ratio: 'Verhältnis' },
    method: {
        always_valid: '„Jederzeit hinsehen“',
        fixed: '„Einmal, am Ende“',
        group_sequential: '„An einigen geplanten Tagen“',
    },
    move: {
        archive: 'archivieren',
        import: 'importieren',
        nothing: 'nichts',
        pause: 'anhalten',
        resume: 'fortsetzen',
        ship: 'ausliefern',
        start: 'starten',
        stop: 'beenden',
    },
    noun: {
        audit_entry: 'Protokolleintrag',
        campaign: 'Kampagne',
        dimension: 'Dimension',
        environment: 'Umgebung',
        flag: 'Flag',
        import: 'Import',
        key: 'Schlüssel',
        layer: 'Ebene',
        metric: 'Metrik',
        rejected_event: 'abgelehntes Ereignis',
        share: 'Link',
        user: 'Benutzer',
    },
    role: {
        admin: 'Administrator',
        client: 'client',
        editor: 'Bearbeiter',
        publisher: 'Herausgeber',
        viewer: 'Betrachter',
    },
    status: {
        archived: 'archiviert',
        draft: 'Entwurf',
        paused: 'angehalten',
        running: 'läuft',
        stopped: 'beendet',
    },
};

// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'signIn.title': 'Anmelden',
    'signIn.intro': 'mete teilt Besuchern Varianten zu und misst, was sie ändern.',
    'signIn.wrong': 'Es gibt niemanden mit dieser E-Mail-Adresse und diesem Passwort.',
    'signIn.limited': 'Zu viele Versuche. Bitte warten Sie eine Minute.',
    'signIn.help': 'Noch kein Passwort, oder vergessen?',
    'signIn.link':
        'Bitten Sie einen Administrator um einen neuen Link: er lässt Sie einmal ein, um ein Passwort festzulegen. Der erste Administrator bekommt ihn auf dem Server durch diesen Befehl:',
} as const;

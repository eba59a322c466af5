// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'signIn.title': 'Anmelden',
    'signIn.intro': 'mete teilt Besuchern Varianten zu und misst, was sie ändern.',
    'signIn.link': 'Sie sind nicht angemeldet. Auf dem Server gibt dies einen Link aus, der einmal gilt:',
} as const;

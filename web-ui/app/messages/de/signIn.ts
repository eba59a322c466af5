// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'signIn.title': 'Anmelden',
    'signIn.intro': 'mete teilt Besuchern Varianten zu und misst, was sie ändern.',
    'signIn.wrong': 'Es gibt niemanden mit dieser E-Mail-Adresse und diesem Passwort.',
    'signIn.limited': 'Zu viele Versuche. Bitte warten Sie eine Minute.',
    'signIn.code': 'Code',
    'signIn.code.hint': 'Sechs Ziffern aus Ihrer Authenticator-App oder einer Ihrer Wiederherstellungscodes.',
    'signIn.code.wrong':
        'Dieser Code passt nicht oder wurde schon benutzt. Die App zeigt jede halbe Minute einen neuen.',
    'signIn.code.unreadable':
        'Der Server kann Ihren zweiten Faktor nicht mehr lesen. Ein Wiederherstellungscode lässt Sie noch ein; sagen Sie dann einem Administrator Bescheid.',
    'signIn.code.limited':
        'Zu viele Versuche. Bitte warten Sie eine Minute, nach zehn falschen Codes eine Viertelstunde. Ein Wiederherstellungscode lässt Sie noch ein.',
    'signIn.provider': 'Anmelden mit {name}',
    'signIn.provider.unnamed': 'Einmalanmeldung (SSO)',
    'signIn.provider.away':
        'Der Anmeldedienst antwortet nicht, wie er soll. Bitte versuchen Sie es noch einmal oder sagen Sie einem Administrator Bescheid.',
    'signIn.provider.refused': 'Der Anmeldedienst hat Sie nicht eingelassen. Bitte versuchen Sie es noch einmal.',
    'signIn.provider.stale':
        'Das hat zu lange gedauert oder begann in einem anderen Fenster. Bitte versuchen Sie es noch einmal.',
    'signIn.provider.unknown':
        'Dort sind Sie bekannt, aber hier hat Sie niemand eingeladen. Fragen Sie einen Administrator.',
    'signIn.provider.unverified':
        'Ihre E-Mail-Adresse ist dort noch nicht bestätigt. Bestätigen Sie sie und versuchen Sie es noch einmal.',
    'signIn.help': 'Noch kein Passwort, oder vergessen?',
    'signIn.link':
        'Bitten Sie einen Administrator um einen neuen Link: er lässt Sie einmal ein, um ein Passwort festzulegen. Der erste Administrator bekommt ihn auf dem Server durch diesen Befehl:',
} as const;

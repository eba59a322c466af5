// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'people.email': 'E-Mail',
    'people.password': 'Passwort',
    'people.role': 'Rolle',

    'account.title': 'Ihr Konto',
    'account.welcome': 'Passwort festlegen',
    'account.welcome.text':
        'Sie kamen über einen Link, der einmal gilt. Mit einem Passwort können Sie jederzeit wiederkommen.',
    'account.later': 'Nicht jetzt',
    'account.set': 'Passwort festlegen',
    'account.change': 'E-Mail oder Passwort ändern',
    'account.email.hint': 'Damit melden Sie sich an.',
    'account.new': 'Neues Passwort',
    'account.new.hint': 'Mindestens {count} Zeichen. Ein Satz lässt sich leicht merken.',
    'account.again': 'Neues Passwort noch einmal',
    'account.old': 'Jetziges Passwort',
    'account.old.hint': 'Damit niemand anderes an Ihrem Platz dies ändern kann.',
    'account.wrongOld': 'Das ist nicht Ihr jetziges Passwort.',
    'account.tooShort': 'Es braucht mindestens {count} Zeichen.',
    'account.differs': 'Die beiden sind nicht gleich.',
    'account.sessions': 'Wo Sie angemeldet sind',
    'account.session.this': 'Dieser Browser',
    'account.session.end': '{name} abmelden',
    'account.session.times': 'Zuletzt benutzt {seen}, angemeldet {opened}',
    'account.unknownAgent': 'Ein unbekannter Browser',
    'account.everywhere': 'Überall abmelden',
    'account.everywhere.text': 'Alle Sitzungen enden, auch diese. Sie melden sich mit Ihrem Passwort wieder an.',

    'users.invite': 'Jemanden einladen',
    'users.edit': 'Benutzer ändern',
    'users.empty': 'Laden Sie ein, mit wem Sie arbeiten.',
    'users.role.hint':
        'Ein Betrachter liest alles. Ein Bearbeiter schreibt Entwürfe. Ein Herausgeber startet und beendet Kampagnen. Ein Administrator darf all das, dazu Schlüssel, Umgebungen und Benutzer.',
    'users.disable': 'Darf sich nicht mehr anmelden',
    'users.state': 'Zustand',
    'users.seen': 'Zuletzt gesehen',
    'users.active': 'Aktiv',
    'users.invited': 'Eingeladen',
    'users.disabled': 'Gesperrt',
    'users.reset': 'Neuer Link',
    'users.reset.text':
        'Das Passwort von {name} wird gelöscht, und alle Sitzungen enden. Sie erhalten einen Link zum Weitergeben.',
    'users.link':
        'Geben Sie diesen Link an {email} weiter. Er gilt einmal, drei Tage lang, und wird nicht wieder gezeigt.',
} as const;

// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'signIn.title': 'Sign in',
    'signIn.intro': 'mete allots variants to visitors, and measures what they change.',
    'signIn.wrong': 'There is nobody with this e-mail address and password.',
    'signIn.limited': 'Too many attempts. Please wait a minute.',
    'signIn.code': 'Code',
    'signIn.code.hint': 'Six digits from your authenticator app, or one of your recovery codes.',
    'signIn.code.wrong': 'This code does not fit, or was used already. The app shows a new one every half minute.',
    'signIn.code.unreadable':
        'The server cannot read your second factor any more. A recovery code still lets you in; then tell an admin.',
    'signIn.code.limited':
        'Too many attempts. Please wait a minute; after ten wrong codes, a quarter of an hour. A recovery code still lets you in.',
    'signIn.help': 'No password yet, or forgotten?',
    'signIn.link':
        'Ask an admin for a new link: it lets you in once, to set a password. The first admin gets one on the server by this command:',
} as const;

// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'signIn.title': 'Sign in',
    'signIn.intro': 'mete allots variants to visitors, and measures what they change.',
    'signIn.wrong': 'There is nobody with this e-mail address and password.',
    'signIn.limited': 'Too many attempts. Please wait a minute.',
    'signIn.help': 'No password yet, or forgotten?',
    'signIn.link':
        'Ask an admin for a new link: it lets you in once, to set a password. The first admin gets one on the server by this command:',
} as const;

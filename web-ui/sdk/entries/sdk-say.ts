// SPDX-License-Identifier: MIT
import { MODULE } from '../core/module';
import { say } from '../say/say';

(window as any)[MODULE + 'say'] = { say };

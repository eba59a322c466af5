// SPDX-License-Identifier: MIT
import { MODULE } from '../core/module';
import { open } from '../qa/overlay';

(window as any)[MODULE + 'qa'] = { open };

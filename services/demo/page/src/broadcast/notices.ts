import type { ConversationId } from '../model/conversation-id.ts';

/** Flotilla's channel of which everybody is a member; no person can name one so. */
export const BROADCAST_CHANNEL = '$broadcast';

/** The notices to everybody, shown as a conversation of their own. */
export const NOTICES: ConversationId = `#${BROADCAST_CHANNEL}`;

/** Their name on the page. */
export const NOTICES_TITLE = 'Notices to everybody';

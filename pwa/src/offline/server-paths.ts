/** Addresses of this origin that are no page of ours: a worker neither answers for them nor sends anybody there. */
export const SERVER_PATHS: RegExp = /^\/(trpc|api|auth|ack|health|metrics)(\/|$)/;

import type { IncidentView, MeView } from "batchwatch/router";
import type { BoardState } from "../live/board-state.ts";
import type { StoredCommand } from "./queue.ts";

/** Whose device this is. Nothing is sent while it is not confirmed: somebody may be signing in. */
export interface Owner {
  readonly userId: string;
  /** False from a lost session or a begun sign-in until the server has said who is signed in. */
  readonly confirmed: boolean;
}

export interface KeptMe {
  readonly schema: number;
  readonly me: MeView;
  /** Epoch milliseconds on this device's clock. */
  readonly at: number;
}

export interface KeptBoard {
  readonly schema: number;
  readonly userId: string;
  readonly team: string | null;
  readonly board: BoardState;
  /** Epoch milliseconds on the server's clock. */
  readonly receivedAt: number;
}

export interface KeptView {
  readonly schema: number;
  readonly userId: string;
  readonly view: IncidentView;
  /** Epoch milliseconds on this device's clock. */
  readonly at: number;
}

/** An incident as its newest notification told it. All of it came from outside: read the card with `readCard`. */
export interface KeptCard {
  readonly incidentId: string;
  readonly version: number;
  readonly title: string;
  readonly body: string;
  readonly card: unknown;
  /** ISO 8601 UTC. */
  readonly receivedAt: string;
}

export interface Receipt {
  readonly notificationId: string;
  readonly kind: "shown" | "seen";
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What its owner chose for this device. */
export interface PushChoice {
  readonly label: string;
  readonly isPrivate: boolean;
  /** The server's public key that it subscribed under, base64url. */
  readonly key: string;
  /** Of the subscription that the server was last told of; null: it must be told. */
  readonly toldEndpoint: string | null;
  /** The zone that the server was last told of; absent: none yet. */
  readonly zone?: string;
}

/** The key with which this device answers pages of its owner while signed out. It cannot leave the device. */
export interface PairedKey {
  /** As the server knows it. */
  readonly deviceId: string;
  /** Its owner, as signed in when it was paired. */
  readonly userId: string;
  readonly name: string;
  readonly role: MeView["role"];
  /** ECDSA P-256, not extractable. */
  readonly privateKey: CryptoKey;
  /** The other half as the server was told it: a JWK, JSON. */
  readonly publicKey: string;
  /** It counts until then; each sign-in on this device moves this on. ISO 8601 UTC. */
  readonly goodUntil: string;
}

/** All that is kept on this device, by key. */
export interface Kept {
  readonly owner: Owner;
  readonly me: KeptMe;
  readonly board: KeptBoard;
  /** When the kept board was last confirmed, while none of its rows changed; epoch milliseconds. */
  readonly boardConfirmedAt: number;
  /** Newest first. */
  readonly incidents: readonly KeptView[];
  /** Newest first, one of each incident. */
  readonly cards: readonly KeptCard[];
  /** Oldest first. */
  readonly commands: readonly StoredCommand[];
  /** Oldest first. */
  readonly receipts: readonly Receipt[];
  readonly push: PushChoice;
  readonly device: PairedKey;
}

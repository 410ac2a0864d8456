import type { CommandAnswer, IncidentAction, IncidentCommand, Person } from "../model/incident.ts";
import type { Notification } from "../model/notification.ts";
import type { AlertingWorld, Pageable } from "../model/policy.ts";
import type { SendOutcome } from "../ports/notifier.ts";
import type { Dice } from "./dice.ts";
import { TEAMS } from "./job-wishes.ts";
import type { World } from "./world.ts";

const MINUTE = 60_000;
/** A person sends a command again when there is no answer for this long, ms. */
const COMMAND_AGAIN_MS = 30_000;

const peopleOf = (...names: readonly string[]): readonly Pageable[] =>
  names.map((name) => ({ person: { userId: name, name }, devices: [`phone of ${name}`] }));
/** Each team's list; whose jobs are nobody's are the first team's. */
const LISTS: ReadonlyMap<string, readonly Pageable[]> = new Map([
  [TEAMS[0], peopleOf("first", "second", "third")],
  [TEAMS[1], peopleOf("fourth", "fifth")],
]);
const PEOPLE: readonly Pageable[] = [...LISTS.values()].flat();
const CHAT = { webhookId: "chat", name: "Chat" };

/** Who answers commands just now; null: nobody. */
export type AnsweringDesk = {
  command(command: IncidentCommand, answer: (answer: CommandAnswer | null) => void): void;
} | null;

/** Phones and a chat that show a message of one id once, and the people behind them. They outlive the process. */
export class Recipients {
  readonly alerting: AlertingWorld;
  /** How often a message arrived, by its id. The first time it is shown. */
  readonly arrived: Map<string, number> = new Map();
  /** Commands that were not answered yet. */
  openCommands = 0;
  desk: () => AnsweringDesk = () => null;
  /** From now on everything works and nobody has anything to say. */
  calm = false;
  readonly #world: World;
  readonly #dice: Dice;
  readonly #deadUntil = new Map<string, number>();
  readonly #refusedUntil = new Map<string, number>();
  #commands = 0;

  constructor(world: World, dice: Dice) {
    this.#world = world;
    this.#dice = dice;
    const alertsOn = dice.chance(0.9);
    const webhooks = dice.chance(0.7) ? [CHAT] : [];
    const policies = new Map(
      [...LISTS].map(([team, people]) => {
        const listed = dice.chance(0.9) ? people.slice(0, dice.whole(1, people.length)) : [];
        return [team, { people: listed, webhooks }] as const;
      }),
    );
    const first = policies.get(TEAMS[0]) ?? { people: [], webhooks };
    const watching = dice.chance(0.3);
    this.alerting = {
      alertsOn,
      policyOf: (teamId) => policies.get(teamId) ?? first,
      platformPolicy: first,
      pageableOf: (userId) => PEOPLE.find(({ person }) => person.userId === userId) ?? null,
      returnedAt: () => null,
      sourceOf: (sourceId) => ({
        name: sourceId,
        environment: "PROD",
        pagingMode: watching && sourceId === "source-1" ? "WATCHING" : "PAGING",
      }),
      zoneOf: () => null,
    };
  }

  /** One of them is away for a while. */
  strike(): void {
    const targets = [...PEOPLE.flatMap(({ devices }) => devices), CHAT.webhookId];
    const target = targets[this.#dice.whole(0, targets.length - 1)] ?? CHAT.webhookId;
    const until = this.#world.timeline.now + this.#dice.whole(MINUTE, 30 * MINUTE);
    this.#deadUntil.set(target, until);
    // A phone that is refused is so until somebody looks at it.
    if (target !== CHAT.webhookId && this.#dice.chance(0.2)) {
      this.#refusedUntil.set(target, Number.POSITIVE_INFINITY);
    }
  }

  /** The message is on the wire: it arrives or not, and the answer comes late or not at all. */
  deliver(notification: Notification, slow: boolean, answer: (outcome: SendOutcome) => void): void {
    const { timeline } = this.#world;
    timeline.after(this.#dice.whole(0, slow ? 15_000 : 50), "", () => {
      const isRefused = timeline.now < (this.#refusedUntil.get(notification.targetId) ?? 0);
      if (isRefused) {
        answer({ type: "refused", error: "It is not known here." });
        return;
      }
      const isDead = timeline.now < (this.#deadUntil.get(notification.targetId) ?? 0);
      if (isDead && !this.calm) {
        const error = "It does not answer.";
        const retryAfterMs = this.#dice.chance(0.3) ? this.#dice.whole(1_000, 120_000) : null;
        timeline.after(this.#dice.whole(0, 12_000), "", () =>
          answer({ type: "failed", error, retryAfterMs }),
        );
        return;
      }
      this.#show(notification);
      if (slow && this.#dice.chance(0.3)) return;
      timeline.after(this.#dice.whole(0, slow ? 15_000 : 50), "", () => answer({ type: "sent" }));
    });
  }

  #show(notification: Notification): void {
    const { notificationId, incidentId, kind, userId } = notification;
    const times = (this.arrived.get(notificationId) ?? 0) + 1;
    this.arrived.set(notificationId, times);
    if (times > 1 || kind !== "page" || incidentId === null) return;
    if (this.calm || !this.#dice.chance(0.5)) return;
    // A chat is read by everybody.
    const readers = userId === null ? PEOPLE : PEOPLE.filter((one) => one.person.userId === userId);
    const person = readers[this.#dice.whole(0, readers.length - 1)]?.person;
    if (person === undefined) return;
    const afterMs = this.#dice.chance(0.5)
      ? this.#dice.whole(1_000, MINUTE)
      : this.#dice.whole(1_000, 20 * MINUTE);
    this.#world.timeline.after(afterMs, "", () => this.#say(incidentId, person));
  }

  #say(incidentId: string, by: Person): void {
    if (this.calm) return;
    this.#commands += 1;
    const commandId = `command ${this.#commands}`;
    this.openCommands += 1;
    this.#sendCommand({ commandId, incidentId, by, action: this.#action() });
  }

  #action(): IncidentAction {
    return this.#dice.pick<IncidentAction>([
      { type: "acknowledge" },
      { type: "acknowledge" },
      { type: "acknowledge" },
      { type: "unacknowledge" },
      { type: "take-over" },
      { type: "snooze", untilMs: this.#world.wall() + 30 * MINUTE },
      { type: "escalate" },
      { type: "back-to-bed" },
      { type: "resolve", reason: "It is known." },
      { type: "comment", text: "I look." },
    ]);
  }

  /** Again and again until it is answered, always with its id. */
  #sendCommand(command: IncidentCommand): void {
    let answered = false;
    this.desk()?.command(command, (answer) => {
      if (answered) return;
      answered = true;
      this.openCommands -= 1;
      this.#world.incidentChecks.answered(command, answer);
    });
    this.#world.timeline.after(COMMAND_AGAIN_MS, "", () => {
      if (answered) return;
      answered = true;
      this.#sendCommand(command);
    });
    if (!this.#dice.chance(0.1)) return;
    // A phone that was in the lift sends what was answered long ago once more.
    this.#world.timeline.after(this.#dice.whole(MINUTE, 60 * MINUTE), "", () =>
      this.desk()?.command(command, (answer) =>
        this.#world.incidentChecks.answered(command, answer),
      ),
    );
  }
}

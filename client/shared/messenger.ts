/** What one side may ask of the other: by name, what a request takes and what it answers. */
export type Requests<Names> = {
  readonly [Name in keyof Names]: { readonly arguments: unknown; readonly body: unknown };
};

/** A message as it goes over the wire: JSON. */
export type Message =
  | { readonly kind: "request"; readonly id: number; readonly name: string; readonly arguments: unknown }
  | { readonly kind: "reply"; readonly id: number; readonly body: unknown }
  | { readonly kind: "failure"; readonly id: number; readonly message: string };

/** A function for each request. */
export type Answers<Asked extends Requests<Asked>> = {
  readonly [Name in keyof Asked]: (
    args: Asked[Name]["arguments"],
  ) => Asked[Name]["body"] | Promise<Asked[Name]["body"]>;
};

/**
 * One end of the line between a page and the extension: both ask and both answer, each request by its name and types. The other end is not
 * trusted with more than what is answered here: an unknown name is a failure, and so is what an answer throws.
 */
export class Messenger<Asking extends Requests<Asking>, Asked extends Requests<Asked>> {
  private readonly post: (message: Message) => void;
  private readonly answers: Answers<Asked>;
  private readonly waiting = new Map<number, { resolve: (body: never) => void; reject: (error: Error) => void }>();
  private lastId = 0;

  /** @param post sends a message to the other end */
  constructor(post: (message: Message) => void, answers: Answers<Asked>) {
    this.post = post;
    this.answers = answers;
  }

  /** @throws Error with the other end's words when it fails there */
  ask<Name extends keyof Asking & string>(name: Name, args: Asking[Name]["arguments"]): Promise<Asking[Name]["body"]> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.post({ kind: "request", id, name, arguments: args });
    });
  }

  /** Takes a message of the other end; what is none is passed over. */
  async accept(message: unknown): Promise<void> {
    if (!isMessage(message)) return;
    if (message.kind === "request") {
      this.post(await this.answer(message.id, message.name, message.arguments));
      return;
    }
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.kind === "reply") waiting?.resolve(message.body as never);
    else waiting?.reject(new Error(message.message));
  }

  /** The other end is gone: nothing that was asked will be answered. @param why what askers are told */
  close(why: Error): void {
    for (const { reject } of this.waiting.values()) reject(why);
    this.waiting.clear();
  }

  private async answer(id: number, name: string, args: unknown): Promise<Message> {
    try {
      if (!Object.hasOwn(this.answers, name)) throw new Error(`no request ${name}`);
      const answer = this.answers[name as keyof Asked] as unknown as (args: unknown) => unknown;
      return { kind: "reply", id, body: await answer(args) };
    } catch (error) {
      return { kind: "failure", id, message: error instanceof Error ? error.message : String(error) };
    }
  }
}

function isMessage(value: unknown): value is Message {
  if (typeof value !== "object" || value === null) return false;
  const { kind, id } = value as { kind?: unknown; id?: unknown };
  return (kind === "request" || kind === "reply" || kind === "failure") && typeof id === "number";
}

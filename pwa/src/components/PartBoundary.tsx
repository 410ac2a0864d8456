import { Component, type ReactNode } from "react";

interface PartBoundaryProps {
  readonly children: ReactNode;
  /** Nothing instead of a notice: for what nobody would miss. */
  readonly isQuiet?: boolean;
  /** Another one tries anew, for example the address of another screen. */
  readonly of?: string;
}

interface PartBoundaryState {
  /** Of which part it was that broke; null: none did. */
  readonly brokenOf: string | null;
}

/** A part that cannot be loaded or drawn leaves the rest of the app as it is. */
export class PartBoundary extends Component<PartBoundaryProps, PartBoundaryState> {
  override state: PartBoundaryState = { brokenOf: null };

  override componentDidCatch(): void {
    this.setState({ brokenOf: this.props.of ?? "" });
  }

  override render(): ReactNode {
    if (this.state.brokenOf !== (this.props.of ?? "")) return this.props.children;
    if (this.props.isQuiet === true) return null;
    return (
      <div className="notice" role="alert">
        <p>This part could not be loaded. The rest works, and nothing is lost.</p>
        <button type="button" className="button" onClick={() => location.reload()}>
          Load again
        </button>
      </div>
    );
  }
}

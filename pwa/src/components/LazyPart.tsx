import { Component, type ReactNode, Suspense } from "react";
import { Loading } from "./Notice.tsx";

export interface LazyPartProps {
  /** What is being loaded, in words: `the rest`. */
  readonly what: string;
  readonly children: ReactNode;
}

/** A part of the app that comes when it is first shown; what has already come stays where this does not. */
export class LazyPart extends Component<LazyPartProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    const { what, children } = this.props;
    if (!this.state.hasFailed) {
      return <Suspense fallback={<Loading what={what} />}>{children}</Suspense>;
    }
    return (
      <div className="notice" role="alert">
        <p>This part of the app could not be loaded: no connection, or a newer version is there.</p>
        <button type="button" className="button" onClick={() => location.reload()}>
          Load the page again
        </button>
      </div>
    );
  }
}

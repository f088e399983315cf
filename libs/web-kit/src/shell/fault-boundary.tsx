import { Component } from 'react';
import type { ReactNode } from 'react';
import { kitStrings as strings } from '../strings.js';

/** A fault of the page must not look like a quiet line: it says so and offers the way out. */
export class FaultBoundary extends Component<{ readonly children: ReactNode }, { readonly message: string | null }> {
  override state = { message: null };

  static getDerivedStateFromError(error: unknown): { message: string } {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.message === null) return this.props.children;
    return (
      <main role="alert">
        <h1>{strings.errors.unexpected}</h1>
        <p>{this.state.message}</p>
        <button type="button" onClick={() => window.location.reload()}>
          {strings.errors.reload}
        </button>
      </main>
    );
  }
}

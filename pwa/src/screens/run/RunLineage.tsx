import type { DatasetView, RunView } from "batchwatch/router";
import type { ReactNode } from "react";
import { formatBytes, formatNumber } from "../../components/format.ts";
import { ForeignJobRows } from "../../components/ForeignJobRows.tsx";
import { RunItemLink } from "../../components/RunItemLink.tsx";

/** What the run read and wrote, who called it and what it called. */
export function RunLineage({ lineage }: { readonly lineage: RunView["dataLineage"] }): ReactNode {
  const { inputs, outputs, parent, children, foreignParent, foreignChildren } = lineage;
  const parents = [parent, foreignParent].filter((one) => one !== null);
  const runs = parents.length + children.length + foreignChildren.length;
  const isEmpty = inputs.length + outputs.length + runs === 0;
  return (
    <section aria-labelledby="lineage-title">
      <h2 id="lineage-title" className="section-title">
        Data lineage
      </h2>
      {isEmpty && <p className="empty">No data or other runs were reported.</p>}
      <Datasets title="Inputs" datasets={inputs} />
      <Datasets title="Outputs" datasets={outputs} />
      {parents.length > 0 && <h3>Parent</h3>}
      {parent !== null && <RunItemLink run={parent} withName />}
      {foreignParent !== null && <ForeignJobRows jobs={[foreignParent]} />}
      {children.length + foreignChildren.length > 0 && (
        <>
          <h3>Children</h3>
          <ul className="list">
            {children.map((child) => (
              <li key={child.executionId} className="list-item">
                <RunItemLink run={child} withName />
              </li>
            ))}
          </ul>
          <ForeignJobRows jobs={foreignChildren} />
        </>
      )}
    </section>
  );
}

function Datasets({
  title,
  datasets,
}: {
  readonly title: string;
  readonly datasets: readonly DatasetView[];
}): ReactNode {
  if (datasets.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul className="panel datasets">
        {datasets.map((dataset) => (
          <li key={`${dataset.namespace} ${dataset.name}`}>
            <span className="dataset-name">{dataset.name}</span>
            <span className="secondary num">{datasetNote(dataset)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function datasetNote({ namespace, rows, files, bytes }: DatasetView): string {
  const parts = [
    namespace,
    rows === null ? "" : `${formatNumber(rows)} rows`,
    files === null ? "" : `${formatNumber(files)} ${files === 1 ? "file" : "files"}`,
    bytes === null ? "" : formatBytes(bytes),
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

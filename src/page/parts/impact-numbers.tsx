import { CHANGES } from "../../model/opener.js";
import type { Impact } from "../../questions/index.js";
import { byteSize, grouped } from "../../report/quantity.js";
import { ChangeMark } from "./verdict-mark.js";

/** The four numbers of a candidate. */
export function ImpactNumbers({ impact }: { readonly impact: Impact }) {
  const { connections, records, bytes, tuples } = impact;
  return (
    <table class="table impact-numbers">
      <thead>
        <tr>
          <th scope="col">
            <span class="hidden">change</span>
          </th>
          <th scope="col" class="num">
            connections
          </th>
          <th scope="col" class="num">
            records
          </th>
          <th scope="col" class="num">
            bytes
          </th>
          <th scope="col" class="num">
            kinds (source, destination, port)
          </th>
        </tr>
      </thead>
      <tbody>
        {CHANGES.map((change) => (
          <tr key={change}>
            <th scope="row">
              <ChangeMark change={change} />
            </th>
            <td class="num impact-main" data-change={change}>
              {grouped(connections[change])}
            </td>
            <td class="num">{grouped(records[change])}</td>
            <td class="num">{byteSize(bytes[change])}</td>
            <td class="num">
              {tuples[change] === null ? (
                <span class="faint">not counted</span>
              ) : (
                grouped(tuples[change])
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

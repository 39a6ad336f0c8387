import mark from "../mark.svg";
import { useMessages } from "../messages";
import "./Brand.css";

export function Brand() {
  return (
    <span className="brand">
      <img src={mark} alt="" width="22" height="22" />
      {useMessages().product}
    </span>
  );
}

/** A layout for Swagger UI without what our page has already: title, servers, a second `main`. */

type Component = unknown;

type System = {
  React: { createElement: (component: Component, properties: object | null, ...children: unknown[]) => unknown };
  getComponent: (name: string, container?: boolean) => Component;
};

export const layout = ({ React, getComponent }: System) => ({
  components: {
    OwnLayout: () =>
      React.createElement(
        "div",
        { className: "swagger-ui" },
        React.createElement(getComponent("SvgAssets"), null),
        React.createElement(getComponent("errors", true), null),
        React.createElement(getComponent("operations", true), null),
        React.createElement(getComponent("Models", true), null),
      ),
  },
});

"""A dashboard of the garage, made from whatever entities there are."""

from .home_assistant import Home

PATH = "garage"


async def show_garage(home: Home) -> None:
    """Make the garage what a person sees first."""
    dashboards = await home.command("lovelace/dashboards/list")
    if not any(dashboard["url_path"] == PATH for dashboard in dashboards):
        await home.command(
            "lovelace/dashboards/create",
            url_path=PATH,
            title="Garage",
            icon="mdi:garage-variant",
            allow_single_word=True,
        )
        await home.command(
            "frontend/set_system_data", key="core", value={"default_panel": PATH}
        )
    await home.command("lovelace/config/save", url_path=PATH, config={"views": []})

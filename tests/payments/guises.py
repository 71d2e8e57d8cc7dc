"""The sandbox under another name, for what needs two gateways."""

from payments.gateways.sandbox import Sandbox


class Second(Sandbox):
    name = "second"

"""An existing catalogue is taken in: ids and addresses stay, nothing is invented, what the public saw stays public.

The migration has given every dataset its case already; adopting closes what another extension had kept hidden in its
own way, gives a case to what came later past the plugin, and lists for each office what its datasets lack.
"""

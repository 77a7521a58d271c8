namespace NextItem;

/// <summary>How often a subnet of a p-RNN was updated.</summary>
/// <param name="Subnet">Its name.</param>
/// <param name="Epochs">Epochs in which it was trained.</param>
/// <param name="Updates">Mini-batches in which it was.</param>
public readonly record struct SubnetUpdates(string Subnet, int Epochs, long Updates);

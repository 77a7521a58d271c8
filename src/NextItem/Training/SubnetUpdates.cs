namespace NextItem;

/// <summary>How often a subnet of a p-RNN was updated.</summary>
/// <param name="Subnet">Its name; <c>items</c> for an output matrix that all share, which is trained in every pass over a mini-batch.</param>
/// <param name="Epochs">Epochs in which it was trained.</param>
/// <param name="Updates">Updates: one a mini-batch, of a shared matrix one a pass.</param>
public readonly record struct SubnetUpdates(string Subnet, int Epochs, long Updates);

from collections import Counter

import torch
from torch import nn
from torch.utils.data import DataLoader, Subset, TensorDataset, random_split
from support import fit, losses_of, pick, read_table, report, seed

LONGEST = 12


class SubjectClassifier(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.places = nn.Embedding(LONGEST, 64)
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(64, 4, dim_feedforward=128, dropout=0.2, batch_first=True), 2)
        self.linear = nn.Linear(64, 2)
        self.words = nn.Embedding(vocabulary, 64)

    def forward(self, words):
        is_word = words != 0
        x = self.words(words) + self.places(torch.arange(LONGEST))
        y = self.encoder(x, src_key_padding_mask=~is_word)
        weights = is_word.unsqueeze(2).float()
        return self.linear((y * weights).sum(1) / weights.sum(1))


torch.manual_seed(seed)
table = read_table("subjects")
subjects = [subject.split(" ")[:LONGEST] for subject in table["subject"]]
kinds = torch.tensor([["ham", "spam"].index(kind) for kind in table["kind"]])
order = random_split(subjects, [0.8, 0.2])
counts = Counter(word for i in order[0].indices for word in subjects[i])
vocabulary = {word: i + 2 for i, word in enumerate(word for word, count in counts.items() if count > 1)}
words = torch.tensor([[vocabulary.get(word, 1) for word in s] + [0] * (LONGEST - len(s)) for s in subjects])
samples = TensorDataset(words, kinds)
train_set, test_set = (Subset(samples, part.indices) for part in order)
model = SubjectClassifier(len(vocabulary) + 2)
history = fit(model, DataLoader(train_set, batch_size=64, shuffle=True), DataLoader(test_set, batch_size=1000), nn.CrossEntropyLoss(),
              torch.optim.AdamW(model.parameters(), lr=0.001, fused=True), epochs=pick(6, 1))
report({"accuracy": history[-1]["val_acc"]}, losses_of(history))

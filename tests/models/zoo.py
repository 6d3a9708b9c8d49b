"""Real models, built offline from their configurations with random weights, and inputs for them.

Every weight and buffer is drawn anew: stock initialisation has zero gammas and heads, so that a comparison could pass
on nothing.
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Callable
from typing import Any

import torch

# name -> image size; families of timm, the smallest member of each
TIMM: dict[str, int] = {
    "resnet18": 96, "resnet50": 96, "resnext50_32x4d": 96, "seresnet50": 96, "regnety_002": 96, "regnetx_002": 96,
    "efficientnet_b0": 96, "tf_efficientnetv2_b0": 96, "mobilenetv2_100": 96, "mobilenetv3_small_100": 96,
    "mnasnet_small": 96, "densenet121": 96, "vgg11_bn": 64, "inception_v3": 139, "xception41": 96,
    "convnext_atto": 96, "convnextv2_atto": 96, "vit_tiny_patch16_224": 224, "deit_tiny_patch16_224": 224,
    "swin_tiny_patch4_window7_224": 224, "mixer_s32_224": 224, "resmlp_12_224": 224, "gmlp_s16_224": 224,
    "poolformer_s12": 96, "pvt_v2_b0": 96, "levit_128s": 224, "cait_xxs24_224": 224, "xcit_nano_12_p16_224": 224,
    "efficientformer_l1": 224, "edgenext_xx_small": 96, "repvgg_a0": 96, "ghostnet_100": 96, "hrnet_w18_small": 96,
    "dla34": 96, "dpn48b": 96, "res2net50_26w_4s": 96, "rexnet_100": 96, "visformer_tiny": 224,
    "beit_base_patch16_224": 224, "eva02_tiny_patch14_224": 224, "mobilevit_xxs": 256, "fastvit_t8": 256,
    "lcnet_050": 96, "cspresnet50": 96, "skresnet18": 96, "botnet26t_256": 256, "halonet26t": 256,
    "focalnet_tiny_srf": 224, "davit_tiny": 224, "inception_next_atto": 96, "nest_tiny": 224, "convmixer_768_32": 64,
    "sequencer2d_s": 224, "tiny_vit_5m_224": 224, "efficientvit_b0": 96, "repvit_m0_9": 96, "starnet_s1": 96,
    "hiera_tiny_224": 224, "mambaout_femto": 96, "nfnet_l0": 96, "twins_pcpvt_small": 224, "crossvit_9_240": 240,
    "coat_lite_tiny": 224, "maxvit_nano_rw_256": 256, "gcvit_xxtiny": 224, "hgnet_tiny": 96, "selecsls42b": 96,
    "tresnet_m": 96, "vovnet39a": 96, "ese_vovnet19b_dw": 96, "resnest14d": 96, "volo_d1_224": 224,
    "mvitv2_tiny": 224, "convit_tiny": 224, "pit_ti_224": 224,
}  # fmt: skip

_TEXT = {
    "vocab_size": 99,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 37,
    "max_position_embeddings": 64,
    "pad_token_id": 0,
}
_CAUSAL = {**_TEXT, "num_key_value_heads": 2, "bos_token_id": 1, "eos_token_id": 2}
_MOE = {**_CAUSAL, "intermediate_size": 40}
_VISION = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 37,
    "image_size": 32,
    "patch_size": 8,
}
_SEQ2SEQ = {
    "vocab_size": 99,
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 40,
    "decoder_ffn_dim": 40,
    "max_position_embeddings": 64,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "decoder_start_token_id": 1,
}
_AUDIO = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 37,
    "vocab_size": 32,
    "conv_dim": (16, 16, 16),
    "conv_stride": (4, 4, 2),
    "conv_kernel": (8, 4, 2),
    "num_feat_extract_layers": 3,
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 2,
}

# name -> (model class, configuration class, configuration, kind of input)
TRANSFORMERS: dict[str, tuple[str, str, dict[str, Any], str]] = {
    # encoders
    "bert": ("BertForSequenceClassification", "BertConfig", _TEXT, "text"),
    "roberta": ("RobertaForMaskedLM", "RobertaConfig", _TEXT, "text"),
    "distilbert": ("DistilBertForSequenceClassification", "DistilBertConfig",
                   {"vocab_size": 99, "dim": 32, "n_layers": 2, "n_heads": 4, "hidden_dim": 37,
                    "max_position_embeddings": 64}, "text"),
    "albert": ("AlbertModel", "AlbertConfig", {**_TEXT, "embedding_size": 16}, "text"),
    "electra": ("ElectraModel", "ElectraConfig", {**_TEXT, "embedding_size": 16}, "text"),
    "deberta_v2": ("DebertaV2Model", "DebertaV2Config",
                   {**_TEXT, "relative_attention": True, "pos_att_type": ["p2c", "c2p"], "position_buckets": 16},
                   "text"),
    "mpnet": ("MPNetModel", "MPNetConfig", _TEXT, "text"),
    "modernbert": ("ModernBertModel", "ModernBertConfig",
                   {**_TEXT, "bos_token_id": 1, "eos_token_id": 2, "cls_token_id": 1, "sep_token_id": 2,
                    "local_attention": 8}, "text"),
    "camembert": ("CamembertModel", "CamembertConfig", _TEXT, "text"),
    "xlm_roberta": ("XLMRobertaForTokenClassification", "XLMRobertaConfig", _TEXT, "text"),
    "roformer": ("RoFormerModel", "RoFormerConfig", {**_TEXT, "embedding_size": 32}, "text"),
    "fnet": ("FNetModel", "FNetConfig", _TEXT, "text_only"),
    # decoders
    "gpt2": ("GPT2LMHeadModel", "GPT2Config",
             {"vocab_size": 99, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 64}, "text"),
    "gpt_neox": ("GPTNeoXForCausalLM", "GPTNeoXConfig", _TEXT, "text"),
    "gptj": ("GPTJForCausalLM", "GPTJConfig",
             {"vocab_size": 99, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 64, "rotary_dim": 4}, "text"),
    "opt": ("OPTForCausalLM", "OPTConfig", {**_TEXT, "ffn_dim": 37, "word_embed_proj_dim": 32}, "text"),
    "bloom": ("BloomForCausalLM", "BloomConfig", {"vocab_size": 99, "hidden_size": 32, "n_layer": 2, "n_head": 4},
              "text"),
    "llama": ("LlamaForCausalLM", "LlamaConfig", _CAUSAL, "text"),
    "mistral": ("MistralForCausalLM", "MistralConfig", {**_CAUSAL, "sliding_window": 8}, "text"),
    "qwen2": ("Qwen2ForCausalLM", "Qwen2Config", _CAUSAL, "text"),
    "qwen3": ("Qwen3ForCausalLM", "Qwen3Config", {**_CAUSAL, "head_dim": 8}, "text"),
    "gemma": ("GemmaForCausalLM", "GemmaConfig", {**_CAUSAL, "head_dim": 8}, "text"),
    "gemma2": ("Gemma2ForCausalLM", "Gemma2Config", {**_CAUSAL, "head_dim": 8, "sliding_window": 8}, "text"),
    "phi": ("PhiForCausalLM", "PhiConfig", _CAUSAL, "text"),
    "phi3": ("Phi3ForCausalLM", "Phi3Config", _CAUSAL, "text"),
    "falcon": ("FalconForCausalLM", "FalconConfig", _TEXT, "text"),
    "stablelm": ("StableLmForCausalLM", "StableLmConfig", _CAUSAL, "text"),
    "olmo": ("OlmoForCausalLM", "OlmoConfig", _CAUSAL, "text"),
    "cohere": ("CohereForCausalLM", "CohereConfig", _CAUSAL, "text"),
    "starcoder2": ("Starcoder2ForCausalLM", "Starcoder2Config", _CAUSAL, "text"),
    "granite": ("GraniteForCausalLM", "GraniteConfig", _CAUSAL, "text"),
    "smollm3": ("SmolLM3ForCausalLM", "SmolLM3Config", _CAUSAL, "text"),
    # mixtures of experts
    "mixtral": ("MixtralForCausalLM", "MixtralConfig", {**_MOE, "num_local_experts": 4}, "text"),
    "qwen2_moe": ("Qwen2MoeForCausalLM", "Qwen2MoeConfig",
                  {**_MOE, "moe_intermediate_size": 16, "shared_expert_intermediate_size": 24, "num_experts": 4,
                   "num_experts_per_tok": 2}, "text"),
    "olmoe": ("OlmoeForCausalLM", "OlmoeConfig", {**_MOE, "num_experts": 4, "num_experts_per_tok": 2}, "text"),
    # encoder-decoders
    "t5": ("T5ForConditionalGeneration", "T5Config",
           {"vocab_size": 99, "d_model": 32, "d_kv": 8, "d_ff": 37, "num_layers": 2, "num_heads": 4,
            "decoder_start_token_id": 0}, "seq2seq"),
    "bart": ("BartForConditionalGeneration", "BartConfig", _SEQ2SEQ, "seq2seq"),
    "mbart": ("MBartForConditionalGeneration", "MBartConfig", _SEQ2SEQ, "seq2seq"),
    "marian": ("MarianMTModel", "MarianConfig", _SEQ2SEQ, "seq2seq"),
    "pegasus": ("PegasusForConditionalGeneration", "PegasusConfig", _SEQ2SEQ, "seq2seq"),
    # audio
    "whisper": ("WhisperForConditionalGeneration", "WhisperConfig",
                {**_SEQ2SEQ, "num_mel_bins": 20, "max_source_positions": 30, "max_target_positions": 40}, "mel"),
    "wav2vec2": ("Wav2Vec2ForCTC", "Wav2Vec2Config", _AUDIO, "wave"),
    "hubert": ("HubertModel", "HubertConfig", _AUDIO, "wave"),
    "audio_spectrogram_transformer": ("ASTModel", "ASTConfig",
                                      {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4,
                                       "intermediate_size": 37, "max_length": 24, "num_mel_bins": 16, "patch_size": 4,
                                       "frequency_stride": 4, "time_stride": 4}, "spectrogram"),
    # vision
    "vit": ("ViTForImageClassification", "ViTConfig", _VISION, "image"),
    "deit": ("DeiTModel", "DeiTConfig", _VISION, "image"),
    "beit": ("BeitModel", "BeitConfig", _VISION, "image"),
    "dinov2": ("Dinov2Model", "Dinov2Config", _VISION, "image"),
    "swin": ("SwinModel", "SwinConfig",
             {"embed_dim": 16, "depths": [2, 2], "num_heads": [2, 4], "window_size": 4, "image_size": 32,
              "patch_size": 2}, "image"),
    "convnext": ("ConvNextForImageClassification", "ConvNextConfig",
                 {"hidden_sizes": [8, 16, 24, 32], "depths": [1, 1, 2, 1], "num_stages": 4}, "image"),
    "resnet": ("ResNetForImageClassification", "ResNetConfig",
               {"embedding_size": 8, "hidden_sizes": [8, 16, 24, 32], "depths": [1, 1, 1, 1]}, "image"),
    "segformer": ("SegformerForSemanticSegmentation", "SegformerConfig",
                  {"hidden_sizes": [8, 16, 24, 32], "depths": [1, 1, 1, 1], "num_attention_heads": [1, 2, 2, 4],
                   "decoder_hidden_size": 16}, "image"),
    "siglip_vision": ("SiglipVisionModel", "SiglipVisionConfig", _VISION, "image"),
    "mobilevit": ("MobileViTModel", "MobileViTConfig",
                  {"hidden_sizes": [16, 24, 32], "neck_hidden_sizes": [8, 8, 16, 16, 24, 24, 32],
                   "num_attention_heads": 4, "image_size": 64}, "image64"),
    # both
    "clip": ("CLIPModel", "CLIPConfig",
             {"text_config": {**_TEXT, "bos_token_id": 1, "eos_token_id": 2}, "vision_config": _VISION,
              "projection_dim": 16}, "text_image"),
    # state space
    "mamba": ("MambaForCausalLM", "MambaConfig",
              {"vocab_size": 99, "hidden_size": 32, "state_size": 8, "num_hidden_layers": 2}, "text_only"),
    "mamba2": ("Mamba2ForCausalLM", "Mamba2Config",
               {"vocab_size": 99, "hidden_size": 32, "state_size": 8, "num_hidden_layers": 2, "num_heads": 8,
                "head_dim": 8, "n_groups": 2, "chunk_size": 8}, "text_only"),
    "rwkv": ("RwkvForCausalLM", "RwkvConfig",
             {"vocab_size": 99, "hidden_size": 32, "num_hidden_layers": 2, "attention_hidden_size": 32}, "text_only"),
}  # fmt: skip


# With unit gain these grow from block to block until torch's own float32 result is far from its float64 one.
_GAIN = {
    "starnet_s1": 0.4,
    "visformer_tiny": 0.5,
    "repvit_m0_9": 0.5,
    "repvgg_a0": 0.6,
    "fastvit_t8": 0.6,
    "levit_128s": 0.6,
}


class _AnyMember(type):
    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return f"{cls.__name__}.{name}"


class _Anything(types.ModuleType):
    """A module in which every name exists."""

    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _AnyMember(name, (torch.nn.Module,), {}) if name[0].isupper() else _Anything(f"{self.__name__}.{name}")


class _TorchvisionStub(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds any ``torchvision`` module. There is no build of torchvision for this machine's torch, and timm only takes
    names for data loading from it, which models don't need."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        return importlib.machinery.ModuleSpec(name, self) if name.partition(".")[0] == "torchvision" else None

    def create_module(self, spec: Any) -> types.ModuleType:
        return _Anything(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        pass


@functools.cache
def _timm() -> Any:
    try:
        import torchvision  # noqa: F401  a working one is used
    except (ImportError, RuntimeError):
        pass
    else:
        import timm

        return timm
    stub = _TorchvisionStub()
    sys.meta_path.insert(0, stub)
    try:
        import timm
    finally:  # transformers asks for torchvision too, and must find that there is none
        sys.meta_path.remove(stub)
        for name in [n for n in sys.modules if n.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
    return timm


def randomise(model: torch.nn.Module, seed: int = 0, gain: float = 1.0) -> torch.nn.Module:
    """Draw every floating-point weight and buffer anew: positive for variances, centred elsewhere, well conditioned.

    Args:
        model: any module; changed in place.
        seed: of the generator.
        gain: factor of the matrices' and kernels' standard deviation, which is ``1 / sqrt(fan_in)``.

    Returns:
        The module, in evaluation mode.
    """
    gen = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, x in (*model.named_parameters(), *model.named_buffers()):
            if not x.is_floating_point() or x.numel() == 0:
                continue
            noise = torch.rand(x.shape, generator=gen, dtype=x.dtype)
            last = name.rsplit(".", 1)[-1]
            if "var" in last:
                x.copy_(0.5 + noise)
            elif (
                "inv_freq" in last
                or "A_log" in last
                or (dict(model.named_buffers()).get(name) is x and "mean" not in last)
            ):
                continue  # tables that the architecture computes
            elif x.ndim >= 2:
                fan_in = x[0].numel()
                x.copy_((noise - 0.5) * gain * (12.0 / fan_in) ** 0.5)
            elif last in ("weight", "gamma", "g") or "scale" in last:
                x.copy_(0.5 + noise)
            else:
                x.copy_((noise - 0.5) * 0.5)
    return model.eval()


def timm_model(name: str) -> torch.nn.Module:
    """Build a timm model with random weights."""
    torch.manual_seed(0)
    return randomise(_timm().create_model(name, pretrained=False, num_classes=11), gain=_GAIN.get(name, 1.0))


def timm_inputs(name: str, batch: int = 2) -> torch.Tensor:
    """Return images for a timm model."""
    size = TIMM[name]
    return torch.rand(batch, 3, size, size, generator=torch.Generator().manual_seed(1)) * 2 - 1


def transformers_model(name: str) -> torch.nn.Module:
    """Build a transformers model from its configuration with random weights."""
    import transformers

    torch.manual_seed(0)
    cls, config_cls, config, _ = TRANSFORMERS[name]
    config = dict(config)
    return randomise(getattr(transformers, cls)(getattr(transformers, config_cls)(**config)))


def transformers_inputs(name: str, batch: int = 2) -> dict[str, torch.Tensor]:
    """Return keyword inputs for a transformers model."""
    return _INPUTS[TRANSFORMERS[name][3]](batch, torch.Generator().manual_seed(1))


def _ids(batch: int, gen: torch.Generator, length: int = 12) -> torch.Tensor:
    return torch.randint(3, 30, (batch, length), generator=gen)


def _mask(batch: int, length: int = 12) -> torch.Tensor:
    mask = torch.ones(batch, length, dtype=torch.int64)
    mask[-1, -3:] = 0
    return mask


def _image(size: int) -> Callable[[int, torch.Generator], dict[str, torch.Tensor]]:
    return lambda b, g: {"pixel_values": torch.rand(b, 3, size, size, generator=g) * 2 - 1}


_INPUTS: dict[str, Callable[[int, torch.Generator], dict[str, torch.Tensor]]] = {
    "text": lambda b, g: {"input_ids": _ids(b, g), "attention_mask": _mask(b)},
    "text_only": lambda b, g: {"input_ids": _ids(b, g)},
    "seq2seq": lambda b, g: {
        "input_ids": _ids(b, g), "attention_mask": _mask(b), "decoder_input_ids": _ids(b, g, 7),
    },
    "mel": lambda b, g: {
        "input_features": torch.rand(b, 20, 60, generator=g), "decoder_input_ids": _ids(b, g, 7),
    },
    "wave": lambda b, g: {"input_values": torch.rand(b, 800, generator=g) - 0.5},
    "spectrogram": lambda b, g: {"input_values": torch.rand(b, 24, 16, generator=g) - 0.5},
    "image": _image(32),
    "image64": _image(64),
    "text_image": lambda b, g: {
        "input_ids": _ids(b, g), "attention_mask": _mask(b), **_image(32)(b, g),
    },
}  # fmt: skip
